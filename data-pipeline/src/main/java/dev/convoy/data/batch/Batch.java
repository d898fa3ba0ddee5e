package dev.convoy.data.batch;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import java.util.Arrays;

/**
 * Some examples. The arrays belong to the pipeline, may be longer than the batch, and are filled
 * anew after the next batch is taken.
 */
public final class Batch {
  private final ImageShape shape;
  private final byte[] pixels;
  private final int[] labels;
  private final int[] ids;
  private final float[] weights;

  /** Axes [example, class]; null where the targets are the labels. */
  private final float[] distributions;

  private final Targets targets;
  private int size;

  /**
   * Room for examples.
   *
   * @param classes of distributions over them; 0 for labels
   */
  Batch(int capacity, ImageShape shape, int classes) {
    this.shape = shape;
    pixels = new byte[Math.multiplyExact(capacity, shape.size())];
    labels = new int[capacity];
    ids = new int[capacity];
    weights = new float[capacity];
    distributions = classes == 0 ? null : new float[Math.multiplyExact(capacity, classes)];
    targets =
        (classes == 0 ? Targets.ofClasses(labels) : Targets.ofDistributions(distributions, classes))
            .weighted(weights);
  }

  /** How many examples are valid. */
  public int size() {
    return size;
  }

  /** The images, as a network takes them; the first {@code size()} are valid. */
  public Images images(Normalization normalization) {
    return new Images.Pixels(pixels, shape, normalization);
  }

  /** A copy of one image, as a network sees it before normalisation. */
  public Picture picture(int example) {
    int from = example * shape.size();
    return new Picture(shape, Arrays.copyOfRange(pixels, from, from + shape.size()));
  }

  /** What a network is to learn of the images. */
  public Targets targets() {
    return targets;
  }

  /** Classes; the first {@code size()} are valid. */
  public int[] labels() {
    return labels;
  }

  /** Example ids; the first {@code size()} are valid. */
  public int[] ids() {
    return ids;
  }

  /** 8-bit values, axes [example, channel, row, column]. */
  byte[] pixels() {
    return pixels;
  }

  float[] distributions() {
    return distributions;
  }

  float[] weights() {
    return weights;
  }

  void resize(int newSize) {
    size = newSize;
  }
}
