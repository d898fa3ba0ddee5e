package dev.convoy.driver.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.driver.Experiments;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network with a single output, which predicts one number: how bright a picture is. */
class OneNumberTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int IMAGES = 64;

  @TempDir Path temporary;

  @Test
  void oneNumberIsTrainedEvaluatedAndPredicted() throws IOException {
    writePictures();
    Path output = temporary.resolve("run");
    List<String> settings = settings(output);
    run("train", settings);
    JsonNode test = JSON.readTree(output.resolve("summary.json").toFile()).path("test");
    assertThat(test.path("r2").asDouble()).isGreaterThan(0.9);

    List<String> evaluation = new ArrayList<>(settings);
    evaluation.add(0, output.toString());
    JsonNode evaluated = JSON.readTree(run("evaluate", evaluation)).path("test");
    // Batches of another size may sum in another order.
    assertThat(evaluated.at("/numbers/age/mae").asDouble())
        .isCloseTo(test.at("/numbers/age/mae").asDouble(), within(1e-3));

    Path predictions = temporary.resolve("predictions.csv");
    run(
        "predict",
        List.of(
            output.toString(),
            "--images",
            temporary.resolve("images").toString(),
            "--output",
            predictions.toString(),
            "spark.master=local[1]"));
    List<String> lines = Files.readAllLines(predictions);
    assertThat(lines.get(0)).contains("age");
    assertThat(lines).hasSize(1 + IMAGES);
  }

  private List<String> settings(Path output) throws IOException {
    Path experiment = Files.writeString(temporary.resolve("experiment.conf"), "name = test\n");
    String table = temporary.resolve("images.csv").toString();
    List<String> settings = new ArrayList<>(List.of(experiment.toString()));
    settings.addAll(Experiments.SMALL);
    settings.addAll(
        List.of(
            "output=" + output,
            "data.format=manifest",
            "data.train=" + table,
            "data.test=" + table,
            "data.columns.numbers=[age]",
            "loss=mse",
            "augment=[]",
            "model={name=linear, filters=null, hidden=null, dropout=null}",
            "optimizer={name=adam, learning-rate=0.01, momentum=null}",
            "training.epochs=8"));
    return settings;
  }

  /** Grey pictures, as old as they are bright. */
  private void writePictures() throws IOException {
    Path directory = Files.createDirectories(temporary.resolve("images"));
    List<String> lines = new ArrayList<>(List.of("path,age"));
    for (int i = 0; i < IMAGES; i++) {
      int grey = i * 256 / IMAGES;
      BufferedImage image = new BufferedImage(12, 12, BufferedImage.TYPE_BYTE_GRAY);
      for (int pixel = 0; pixel < 144; pixel++) {
        image.getRaster().setSample(pixel % 12, pixel / 12, 0, grey);
      }
      Path file = directory.resolve(i + ".png");
      ImageIO.write(image, "png", file.toFile());
      lines.add(file + "," + grey / 4.0);
    }
    Files.write(temporary.resolve("images.csv"), lines);
  }

  private static String run(String command, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(arguments);
    CommandRun run = CommandRun.of(all);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }
}
