package dev.convoy.data.batch;

import java.util.Arrays;

/**
 * What a network is to learn of a shard's images.
 *
 * @param classes how many there are
 * @param distributions axes [position in the shard, class], each of which adds up to 1; null for
 *     the images' labels; not copied
 */
public record ShardTargets(int classes, float[] distributions) {
  /** The images' labels. */
  public static ShardTargets labels(int classes) {
    return new ShardTargets(classes, null);
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
