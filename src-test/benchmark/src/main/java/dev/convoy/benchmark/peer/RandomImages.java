package dev.convoy.benchmark.peer;

import dev.convoy.benchmark.Task;
import java.util.Random;

/** Standard-normal images with random labels: some batches that are used over and over. */
final class RandomImages {
  private static final int BATCHES = 8;

  private final float[][] images = new float[BATCHES][];
  private final int[][] labels = new int[BATCHES][];
  private int next;

  RandomImages(Task task) {
    Random random = new Random(1);
    for (int batch = 0; batch < BATCHES; batch++) {
      images[batch] = new float[task.batch() * task.workload().imageValues()];
      for (int i = 0; i < images[batch].length; i++) {
        images[batch][i] = (float) random.nextGaussian();
      }
      labels[batch] = random.ints(task.batch(), 0, task.workload().classes()).toArray();
    }
  }

  /** How many batches there are. */
  static int batches() {
    return BATCHES;
  }

  /** Bytes of all batches. */
  long bytes() {
    return (long) BATCHES * images[0].length * Float.BYTES;
  }

  /** Goes on to the next batch, round and round; returns its index. */
  int advance() {
    next = (next + 1) % BATCHES;
    return next;
  }

  /** Pixels of a batch, axes [batch, channels, height, width]. */
  float[] images(int batch) {
    return images[batch];
  }

  /** Classes of a batch. */
  int[] labels(int batch) {
    return labels[batch];
  }
}
