package dev.convoy.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.data.ImageShape;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.optimizer.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A network with a batch, and what the formulas and the CPU make of them.
 *
 * @param network with its parameters
 * @param batch what is learned
 * @param formulas loss and gradient by the formulas, in double precision
 * @param cpu how far the CPU is from them
 */
record ReferenceCase(SavedNetwork network, Batch batch, Reference formulas, OfCpu cpu) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LABELS = "batch.json";
  private static final String PIXELS = "pixels.u8";
  private static final String CPU = "cpu.json";
  private static final String FORMULAS = "formulas";

  private static final float[] MEAN = {0.4f, 0.5f, 0.6f};
  private static final float[] DEVIATION = {0.2f, 0.3f, 0.4f};

  /**
   * Images of three channels and their classes.
   *
   * @param pixels axes [image, channel, row, column]
   * @param labels a class for each
   * @param key what dropout masks are drawn from
   */
  record Batch(byte[] pixels, int[] labels, long key) {
    int size() {
      return labels.length;
    }

    /** As a network of that input sees them. */
    Images images(InputShape input) {
      return new Images.Pixels(
          pixels,
          new ImageShape(input.height(), input.width(), input.channels()),
          Normalization.of(MEAN, DEVIATION));
    }

    Targets targets() {
      return Targets.ofClasses(labels);
    }
  }

  /**
   * What is expected.
   *
   * @param loss the mean over the images
   * @param gradient likewise, flat; what the batch would take off running statistics; in files in
   *     single precision
   */
  record Reference(double loss, double[] gradient) {
    void write(Path folder, String name) throws IOException {
      float[] values = new float[gradient.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) gradient[i];
      }
      Vectors.write(folder.resolve(name + ".f32"), values);
      Files.writeString(folder.resolve(name + ".loss"), Double.toString(loss));
    }

    static Reference read(Path folder, String name) throws IOException {
      return new Reference(
          Double.parseDouble(Files.readString(folder.resolve(name + ".loss"))),
          GradientDifference.doubles(Vectors.floats(folder.resolve(name + ".f32"))));
    }
  }

  /**
   * The CPU's backend beside the formulas, in single precision.
   *
   * @param loss its own
   * @param largest the largest difference of its gradient
   */
  record OfCpu(double loss, double largest) {}

  /**
   * What is written of a batch beside its pixels.
   *
   * @param labels a class for each image
   * @param key what dropout masks are drawn from
   */
  record Description(int[] labels, long key) {}

  /** Writes batch and references beside a network that is written by itself. */
  static void write(Path folder, Batch batch, Reference formulas, OfCpu cpu) throws IOException {
    Files.write(folder.resolve(PIXELS), batch.pixels());
    JSON.writeValue(folder.resolve(LABELS).toFile(), new Description(batch.labels(), batch.key()));
    formulas.write(folder, FORMULAS);
    JSON.writeValue(folder.resolve(CPU).toFile(), cpu);
  }

  static ReferenceCase read(Path folder) throws IOException {
    Description batch = JSON.readValue(folder.resolve(LABELS).toFile(), Description.class);
    return new ReferenceCase(
        SavedNetwork.read(folder),
        new Batch(Files.readAllBytes(folder.resolve(PIXELS)), batch.labels(), batch.key()),
        Reference.read(folder, FORMULAS),
        JSON.readValue(folder.resolve(CPU).toFile(), OfCpu.class));
  }

  List<Segment> segments() {
    return network.segments();
  }
}
