package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.source.DecodeLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of all formats are decoded to what Pillow makes of them. */
class PillowParityTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final String SCRIPT = "pillow_pictures.py";
  private static final long SECONDS = 120;

  /** Versions of libjpeg differ in how they enlarge chroma. */
  private static final Tolerance JPEG = new Tolerance(0.5, 8);

  /** Five or six bits are spread to eight by rounding here, by cutting off there. */
  private static final Tolerance FEW_BITS = new Tolerance(1, 1);

  private static final Tolerance EXACT = new Tolerance(0, 0);

  @TempDir private Path directory;

  /** Absolute differences of 8-bit values. */
  private record Tolerance(double mean, int maximum) {
    static Tolerance of(String name) {
      if (name.startsWith("jpeg")) {
        return JPEG;
      }
      return name.startsWith("bmp-16") ? FEW_BITS : EXACT;
    }
  }

  @Test
  void everyPictureIsWhatPillowMakesOfIt() throws Exception {
    assumeTrue(hasPillow(), "no " + PYTHON + " with Pillow (Debian: python3-pil)");
    Path pictures = Files.createDirectory(directory.resolve("pictures"));
    for (String format : List.of("png", "bmp", "gif", "jpg")) {
      String name = format.replace("jpg", "jpeg") + "-of-java." + format;
      Files.write(pictures.resolve(name), EncodedImage.small(format));
    }
    try (InputStream script = PillowParityTest.class.getResourceAsStream(SCRIPT)) {
      Files.copy(script, directory.resolve(SCRIPT));
    }
    assertThat(python(directory.resolve(SCRIPT).toString(), pictures.toString()))
        .as(Files.readString(log()))
        .isZero();

    List<String> index = Files.readAllLines(pictures.resolve("index.txt"));
    assertThat(index).hasSizeGreaterThan(160);
    SoftAssertions differences = new SoftAssertions();
    for (String line : index) {
      String[] words = line.split(" ", -1);
      compare(
          pictures.resolve(words[0]),
          new ImageShape(Integer.parseInt(words[2]), Integer.parseInt(words[1]), 3),
          differences);
    }
    differences.assertAll();
  }

  private static void compare(Path picture, ImageShape shape, SoftAssertions differences)
      throws IOException {
    String name = picture.getFileName().toString();
    byte[] expected = Files.readAllBytes(picture.resolveSibling(name + ".rgb"));
    byte[] found;
    try {
      found =
          new ImageDecoder(StoredShape.resized(shape), new DecodeLimits(1 << 20, 1 << 20))
              .decode(Files.readAllBytes(picture))
              .pixels();
    } catch (UnreadableImageException e) {
      differences.fail(name + " is unreadable", e);
      return;
    }
    long sum = 0;
    int maximum = 0;
    for (int pixel = 0; pixel < shape.planeSize(); pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        int difference =
            Math.abs(
                (found[channel * shape.planeSize() + pixel] & 0xff)
                    - (expected[3 * pixel + channel] & 0xff));
        sum += difference;
        maximum = Math.max(maximum, difference);
      }
    }
    Tolerance tolerance = Tolerance.of(name);
    differences
        .assertThat((double) sum / shape.size())
        .as("mean difference of %s (maximum %d)", name, maximum)
        .isLessThanOrEqualTo(tolerance.mean());
    differences
        .assertThat(maximum)
        .as("maximum difference of %s", name)
        .isLessThanOrEqualTo(tolerance.maximum());
  }

  private boolean hasPillow() throws InterruptedException {
    try {
      return python("-c", "import PIL") == 0;
    } catch (IOException e) {
      return false; // no such python
    }
  }

  private int python(String... arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of(PYTHON), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("Cannot compare with Pillow: it takes over " + SECONDS + " seconds.");
    }
    return process.exitValue();
  }

  private Path log() {
    return directory.resolve("python.txt");
  }
}
