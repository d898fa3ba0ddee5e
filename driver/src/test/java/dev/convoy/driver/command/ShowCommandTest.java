package dev.convoy.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.driver.report.ContactSheet;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowCommandTest {
  /** The pictures' own. */
  private static final int SIDE = 8;

  /** As each is drawn. */
  private static final int DRAWN = 96;

  @TempDir Path temporary;
  private Path sheet;

  @BeforeEach
  void writeImages() throws IOException {
    sheet = temporary.resolve("sheet.png");
    for (String label : List.of("cat", "dog")) {
      Path directory = Files.createDirectories(temporary.resolve("images/" + label));
      for (int i = 0; i < 3; i++) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
          image.setRGB(pixel % SIDE, pixel / SIDE, 0x030201 * (pixel + i + label.length()));
        }
        ImageIO.write(image, "png", directory.resolve(i + ".png").toFile());
      }
    }
    Files.writeString(temporary.resolve("images/dog/3.png"), "no picture");
  }

  @Test
  void rowsAreImagesAndColumnsEpochs() throws IOException {
    assertThat(show("augment=[{name=horizontal-flip, probability=1}]", "--rows=7", "--columns=3"))
        .contains(
            "row 1: cat, " + temporary.toUri().toString().replace("///", "/") + "images/cat/0.png",
            "dog/3.png: not a ",
            "row 6: dog, ");
    BufferedImage drawn = ImageIO.read(sheet.toFile());
    int pitch = DRAWN + 2 * ContactSheet.FRAME + ContactSheet.GAP;
    assertThat(drawn.getWidth()).isEqualTo(ContactSheet.GAP + 3 * pitch);
    assertThat(drawn.getHeight()).as("with one of text").isEqualTo(ContactSheet.GAP + 7 * pitch);
    int text = ContactSheet.GAP + 6 * pitch;
    assertThat(drawn.getRGB(ContactSheet.GAP, text)).isEqualTo(0xffc62828);
    // What "3.png" begins with: the top row of a 3.
    for (int x = 0; x < 5; x++) {
      assertThat(drawn.getRGB(ContactSheet.GAP + ContactSheet.FRAME + 1 + x, text + 5))
          .isEqualTo(0xff202020);
    }
    int first = ContactSheet.GAP + ContactSheet.FRAME;
    for (int row = 0; row < 6; row++) {
      int top = first + row * pitch;
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        int x = pixel % SIDE;
        int y = top + pixel / SIDE * DRAWN / SIDE;
        int colour = 0xff000000 | 0x030201 * (pixel + row % 3 + 3);
        assertThat(drawn.getRGB(first + x * DRAWN / SIDE, y)).isEqualTo(colour);
        int mirrored = (SIDE - 1 - x) * DRAWN / SIDE;
        assertThat(drawn.getRGB(first + pitch + mirrored, y)).isEqualTo(colour);
        assertThat(drawn.getRGB(first + 2 * pitch + mirrored, y)).isEqualTo(colour);
      }
    }
  }

  @Test
  void whatIsDrawnAtRandomIsDrawnTheSameAgain() throws IOException {
    String augment = "augment=[{name=random-crop}, {name=mixup}, {name=random-erasing}]";
    show(augment, "--rows=3");
    byte[] once = Files.readAllBytes(sheet);
    show(augment, "--rows=3");
    assertThat(Files.readAllBytes(sheet)).isEqualTo(once);
    show(augment, "--rows=3", "seed=2");
    assertThat(Files.readAllBytes(sheet)).isNotEqualTo(once);
  }

  @Test
  void whatARunCouldNotReadFollowsAsFarAsThereIsRoom() throws IOException {
    Files.writeString(temporary.resolve("images/cat/3.png"), "no picture");
    Path run = temporary.resolve("run");
    CommandRun training =
        CommandRun.of(
            List.of(
                "train",
                "../conf/photographs.conf",
                "data.train=" + temporary.resolve("images"),
                "data.validation=off",
                "data.test=off",
                "data.image={height=8, width=8, channels=3}",
                "augment=[]",
                "model={name=linear}",
                "optimizer={name=sgd, learning-rate=0.01, schedule=constant}",
                "training={batch-size=3, epochs=1, workers=1, early-stopping=off}",
                "output=" + run));
    assertThat(training.exitCode()).as(training.err()).isEqualTo(ExitCode.DONE);
    assertThat(show("--rows=1", "--columns=1", "data.seed=2", "output=" + run))
        .containsOnlyOnce("cannot be read: ")
        .containsOnlyOnce("/3.png: not a ")
        .contains("1 more are in " + run + "/quarantine.jsonl");
    int pitch = DRAWN + 2 * ContactSheet.FRAME + ContactSheet.GAP;
    assertThat(ImageIO.read(sheet.toFile()).getHeight())
        .as("a picture and a text")
        .isEqualTo(ContactSheet.GAP + 2 * pitch);
  }

  @Test
  void numbersOutOfRangeAndImagesAsOutputAreRefused() {
    assertThat(show(ExitCode.CONFIGURATION, "--rows=0")).contains("--rows 0: expected 1 to 100");
    assertThat(show(ExitCode.CONFIGURATION, "--columns=21"))
        .contains("--columns 21: expected 1 to 20");
    sheet = temporary.resolve("images/cat/1.png");
    assertThat(show(ExitCode.CONFIGURATION)).contains("expected another file than an image's");
    assertThat(sheet).exists();
    sheet = temporary.resolve("sheet.jpg");
    assertThat(show(ExitCode.CONFIGURATION)).contains("expected a name that ends in .png");
    assertThat(sheet).doesNotExist();
  }

  private String show(String... arguments) {
    return show(ExitCode.DONE, arguments);
  }

  private String show(int expected, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "show",
                "../conf/photographs.conf",
                "data.train=" + temporary.resolve("images"),
                "data.test=off",
                "data.image={height=8, width=8, channels=3}",
                "data.store=resized",
                "model={name=linear}",
                "--output=" + sheet));
    all.addAll(List.of(arguments));
    CommandRun run = CommandRun.of(all);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(expected);
    return run.err();
  }
}
