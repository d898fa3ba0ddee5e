package dev.convoy.data.batch;

import dev.convoy.data.shard.Examples;
import java.util.Arrays;

/**
 * What a network is to learn of a shard's images.
 *
 * @param classes how many there are; of numbers, how many are to be learned of an image
 * @param distributions axes [position in the shard, class], each of which adds up to 1, or numbers;
 *     null for the images' labels; not copied
 */
public record ShardTargets(int classes, float[] distributions) {
  /** The images' labels. */
  public static ShardTargets labels(int classes) {
    return new ShardTargets(classes, null);
  }

  /** The images' labels, or the numbers that stand in place of them. */
  public static ShardTargets of(Examples images, int classes) {
    if (images.numbersEach() == 0) {
      return labels(classes);
    }
    float[] numbers = new float[Math.multiplyExact(images.size(), classes)];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(images.numbers(i), 0, numbers, i * classes, classes);
    }
    return new ShardTargets(classes, numbers);
  }

  /** Whether the labels are all there is to learn. */
  boolean areLabels() {
    return distributions == null;
  }

  /** Writes the distribution of one image. */
  void copy(int position, int label, float[] into, int offset) {
    if (areLabels()) {
      Arrays.fill(into, offset, offset + classes, 0);
      into[offset + label] = 1;
    } else {
      System.arraycopy(distributions, position * classes, into, offset, classes);
    }
  }
}
