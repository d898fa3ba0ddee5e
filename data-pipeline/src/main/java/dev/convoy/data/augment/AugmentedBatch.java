package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;

/**
 * A batch that is being changed. The arrays are the batch's own and may be longer than it.
 *
 * @param size how many examples there are
 * @param shape of every image
 * @param pixels 8-bit values, axes [example, channel, row, column]
 * @param classes how many there are
 * @param targets axes [example, class]; for each example a distribution over the classes
 * @param weights how much each example counts in the loss
 * @param copies how many examples one after the other are of the same image, at least 1
 */
public record AugmentedBatch(
    int size,
    ImageShape shape,
    byte[] pixels,
    int classes,
    float[] targets,
    float[] weights,
    int copies) {

  /** Of images that come once. */
  public AugmentedBatch(
      int size, ImageShape shape, byte[] pixels, int classes, float[] targets, float[] weights) {
    this(size, shape, pixels, classes, targets, weights, 1);
  }

  /** The same arrays, of images that come so many times one after the other. */
  AugmentedBatch ofCopies(int number) {
    return new AugmentedBatch(size, shape, pixels, classes, targets, weights, number);
  }
}
