package dev.convoy.worker.tangent;

/** Directions in which an image may change and stay what it is. Immutable and thread-safe. */
public interface ImageTangents {
  /** How many there are, at least 1. */
  int count();

  /**
   * Computes one at an image.
   *
   * @param images axes [image, channel, row, column], as the network takes them; not changed
   * @param from first value of the image
   * @param number which, from 0 to before {@link #count()}
   * @param tangent as long as an image; overwritten
   */
  void compute(float[] images, int from, int number, float[] tangent);
}
