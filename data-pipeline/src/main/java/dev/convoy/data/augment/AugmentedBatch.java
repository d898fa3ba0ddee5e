package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import java.util.stream.IntStream;

/**
 * A batch that is being changed. The arrays are the batch's own and may be longer than it.
 *
 * @param size how many examples there are
 * @param shape of every image
 * @param pixels 8-bit values, axes [example, channel, row, column]
 * @param classes how many there are
 * @param targets axes [example, class]; for each example a distribution over the classes
 * @param weights how much each example counts in the loss
 * @param ids of the examples; copies of an image have the same, and stand side by side
 */
public record AugmentedBatch(
    int size,
    ImageShape shape,
    byte[] pixels,
    int classes,
    float[] targets,
    float[] weights,
    int[] ids) {

  /** Of images that come once. */
  public AugmentedBatch(
      int size, ImageShape shape, byte[] pixels, int classes, float[] targets, float[] weights) {
    this(size, shape, pixels, classes, targets, weights, IntStream.range(0, size).toArray());
  }
}
