package dev.convoy.data.batch;

/**
 * Some normalised examples. The arrays belong to the pipeline, may be longer than the batch, and
 * are filled anew after the next batch is taken.
 */
public final class Batch {
  private final float[] images;
  private final int[] labels;
  private final int[] ids;
  private int size;

  Batch(int capacity, int imageSize) {
    images = new float[Math.multiplyExact(capacity, imageSize)];
    labels = new int[capacity];
    ids = new int[capacity];
  }

  /** How many examples are valid. */
  public int size() {
    return size;
  }

  /** Pixels in NCHW order; the first {@code size() × shape.size()} values are valid. */
  public float[] images() {
    return images;
  }

  /** Classes; the first {@code size()} are valid. */
  public int[] labels() {
    return labels;
  }

  /** Example ids; the first {@code size()} are valid. */
  public int[] ids() {
    return ids;
  }

  void resize(int newSize) {
    size = newSize;
  }
}
