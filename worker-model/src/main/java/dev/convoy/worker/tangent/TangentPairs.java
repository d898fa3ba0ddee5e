package dev.convoy.worker.tangent;

import dev.convoy.data.batch.Images;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.worker.model.InputShape;
import java.nio.FloatBuffer;

/**
 * Images, and each of them again, moved a little along one of its tangents. Which one that is is
 * drawn anew in every step, and what the outputs of the two are apart counts as often as there are
 * tangents: on average it is the sum over all of them, at the price of one.
 */
public final class TangentPairs {
  private final ImageTangents tangents;
  private final int imageSize;
  private final double weight;
  private final double step;

  /**
   * Pairs of images.
   *
   * @param imageSize values of an image
   * @param weight of the penalty, above 0
   * @param step how far along a tangent, above 0
   */
  public TangentPairs(ImageTangents tangents, int imageSize, double weight, double step) {
    this.tangents = tangents;
    this.imageSize = imageSize;
    this.weight = weight;
    this.step = step;
  }

  /** Pairs of which the partners have moved a little. */
  public static TangentPairs ofMovements(TangentPropagation settings, InputShape shape) {
    return new TangentPairs(
        new MovementTangents(shape, settings.movements()),
        shape.values(),
        settings.weight(),
        settings.step());
  }

  /** What the squared distance between the outputs of a pair is multiplied by. */
  public double coefficient() {
    return weight * tangents.count() / (step * step);
  }

  /**
   * Images and their partners.
   *
   * @param size images, at least 1
   * @param key of the step
   * @return twice as many: the images, and then the partners in the same order
   */
  public Images of(Images images, int size, long key) {
    int length = Math.multiplyExact(size, imageSize);
    float[] values = new float[Math.multiplyExact(2, length)];
    images.write(0, size, FloatBuffer.wrap(values, 0, length));
    KeyedRandom random = KeyedRandom.of(key, Purpose.TANGENT);
    float[] tangent = new float[imageSize];
    for (int from = 0; from < length; from += imageSize) {
      tangents.compute(values, from, random.nextInt(tangents.count()), tangent);
      for (int i = 0; i < imageSize; i++) {
        values[length + from + i] = (float) (values[from + i] + step * tangent[i]);
      }
    }
    return Images.of(values);
  }
}
