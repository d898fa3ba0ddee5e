package dev.convoy.worker.layers;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.model.InputShape;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Batches as arrays of ND4J, which Deeplearning4j's layers take. Each is a copy. */
public final class BatchArrays {
  private BatchArrays() {}

  /**
   * Images, normalised.
   *
   * @param from first image
   * @param to image after the last one
   * @return axes [image, channel, row, column]
   */
  public static INDArray images(Images images, int from, int to, InputShape input) {
    float[] values = new float[Math.multiplyExact(to - from, input.values())];
    images.write(from, to, FloatBuffer.wrap(values));
    return Nd4j.create(
        values, new long[] {to - from, input.channels(), input.height(), input.width()}, 'c');
  }

  /**
   * The distributions that images are to have.
   *
   * @return axes [image, class]
   */
  public static INDArray distributions(Targets targets, int size, int classes) {
    float[] values = new float[Math.multiplyExact(size, classes)];
    for (int i = 0; i < values.length; i++) {
      values[i] = targets.probability(i / classes, i % classes);
    }
    return Nd4j.create(values, new long[] {size, classes}, 'c');
  }

  /**
   * How much images count.
   *
   * @return axes [image, 1]; empty where all count 1
   */
  public static Optional<INDArray> weights(Targets targets, int size) {
    if (IntStream.range(0, size).allMatch(image -> targets.weight(image) == 1)) {
      return Optional.empty();
    }
    float[] values = new float[size];
    for (int image = 0; image < size; image++) {
      values[image] = targets.weight(image);
    }
    return Optional.of(Nd4j.create(values, new long[] {size, 1}, 'c'));
  }
}
