package dev.convoy.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.directory.RunDirectory;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that are each kept in their own size, and cut at random from that. */
class OwnSizePicturesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temporary;
  private List<String> settings;

  @BeforeEach
  void drawPictures() throws IOException {
    for (int i = 0; i < 40; i++) {
      int height = 8 + i * 7 % 33;
      int width = 8 + i * 11 % 41;
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
      for (int at = 0; at < height * width; at++) {
        int value = (i % 2 == 0 ? at % width : at / width) * 16 + i;
        image.getRaster().setSample(at % width, at / width, 0, value % 256);
      }
      Path file = temporary.resolve("images/class-" + i % 2).resolve(i + ".png");
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "png", file.toFile());
    }
    settings = new ArrayList<>(Experiments.SMALL);
    settings.addAll(
        List.of(
            "data.store=32",
            "data.validation=0.2",
            "data.test=null",
            "augment=[{name=random-resized-crop, min-area=0.3}, {name=horizontal-flip}]",
            "training.epochs=3",
            "checkpoint={every=1round, keep=100}"));
  }

  @Test
  void parametersAreTheSameFromFilesFromPreparedPartsInOneThreadAndAfterAnInterruption()
      throws IOException {
    String[] files = {"data.format=image-folder", "data.train=" + temporary.resolve("images")};
    Result whole = train("whole", files);
    assertThat(whole.losses()).hasSize(3 + 3);

    assertThat(train("one", with(files, "spark.master=local[1]"))).isEqualTo(whole);
    assertThat(train("disk", with(files, "data.memory-fraction=1e-9"))).isEqualTo(whole);
    assertThat(train("resized", with(files, "data.store=resized"))).isNotEqualTo(whole);

    run("prepare", with(files, "output=" + temporary.resolve("prepared")));
    String[] prepared = {"data.format=shards", "data.train=" + temporary.resolve("prepared/train")};
    assertThat(train("from-parts", prepared)).isEqualTo(whole);

    keepCheckpoints("killed", files);
    assertThat(train("killed", files)).isEqualTo(whole);
  }

  @Test
  void filesThatAreDecodedForEveryBatchTrainAsTheirPixelsDo() throws IOException {
    String[] files = {"data.format=image-folder", "data.train=" + temporary.resolve("images")};
    Result decoded = train("decoded", with(files, "data.store=decoded"));

    String[] encoded = with(files, "data.store=encoded");
    assertThat(train("whole", encoded)).isEqualTo(decoded);
    assertThat(train("spilled", with(encoded, "data.memory-fraction=1e-9"))).isEqualTo(decoded);
    keepCheckpoints("continued", encoded);
    assertThat(train("continued", encoded)).isEqualTo(decoded);
  }

  @Test
  void weightsOfAManifestOrOfAFileDecideTheLossAndWeightsThatAreAlikeDoNot() throws IOException {
    StringBuilder manifest = new StringBuilder("path,label,weight\n");
    StringBuilder alike = new StringBuilder("path,weight\n");
    for (int i = 0; i < 40; i++) {
      String path = temporary.resolve("images/class-" + i % 2).resolve(i + ".png").toString();
      manifest.append(path + ",class-" + i % 2 + "," + (1 + i % 2) + "\n");
      alike.append(path + ",7\n");
    }
    String table = Files.writeString(temporary.resolve("m.csv"), manifest).toString();
    String sevens = Files.writeString(temporary.resolve("7.csv"), alike).toString();
    String classes =
        Files.writeString(temporary.resolve("c.csv"), "class,weight\nclass-1,2\n").toString();
    String[] files = {"data.format=image-folder", "data.train=" + temporary.resolve("images")};

    Result plain = train("plain", files);
    assertThat(train("sevens", with(files, "data.weights=" + sevens))).isEqualTo(plain);
    Result weighted = train("classes", with(files, "data.weights=" + classes));
    assertThat(weighted.losses()).isNotEqualTo(plain.losses());
    String[] weights = {"data.format=manifest", "data.train=" + table};
    assertThat(sorted(train("manifest", weights)))
        .as("in another order of the images, and so in other batches")
        .isNotEqualTo(sorted(plain));
    assertThat(train("balanced", with(files, "data.weights=balanced"))).isEqualTo(plain);
  }

  private static List<Double> sorted(Result result) {
    return result.losses().stream().sorted().toList();
  }

  /** The best parameters, and the losses on training and validation images from first to last. */
  private record Result(String sha, List<Double> losses) {}

  /** What a driver that was killed after half of its rounds leaves behind. */
  private void keepCheckpoints(String name, String... own) throws IOException {
    Path experiment = Files.writeString(temporary.resolve("killed.conf"), "name = test\n");
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(own));
    all.add("output=" + temporary.resolve(name));
    RunDirectory.open(
            ConfigurationReader.read(experiment.toString(), all),
            new Configuration(false),
            () -> {})
        .close();
    Path checkpoints = Files.createDirectories(temporary.resolve(name).resolve("checkpoints"));
    try (Stream<Path> written = Files.list(temporary.resolve("whole/checkpoints"))) {
      List<Path> sorted = written.sorted().toList();
      assertThat(sorted).hasSizeGreaterThan(2);
      for (Path checkpoint : sorted.subList(0, sorted.size() / 2)) {
        Files.copy(checkpoint, checkpoints.resolve(checkpoint.getFileName()));
      }
    }
  }

  private Result train(String name, String... own) throws IOException {
    Path output = temporary.resolve(name);
    run("train", with(own, "output=" + output));
    List<Double> losses = new ArrayList<>();
    for (String line : Files.readAllLines(output.resolve("metrics.jsonl"))) {
      losses.add(JSON.readTree(line).path("loss").asDouble());
    }
    return new Result(
        JSON.readTree(output.resolve("summary.json").toFile()).path("parameter-sha256").asText(),
        losses);
  }

  private void run(String command, String... own) throws IOException {
    Path experiment = Files.writeString(temporary.resolve("experiment.conf"), "name = test\n");
    List<String> all = new ArrayList<>(List.of(command, experiment.toString()));
    all.addAll(settings);
    all.addAll(List.of(own));
    CommandRun run = CommandRun.of(all);
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private static String[] with(String[] some, String other) {
    return Stream.concat(Stream.of(some), Stream.of(other)).toArray(String[]::new);
  }
}
