package dev.convoy.worker.graph;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.worker.model.layer.StochasticDepth;
import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Dropout, inverted: values are kept with some probability and divided by it. Which ones are kept
 * is a pure function of a key. Single values are dropped, whole channels (Tompson, Goroshin, Jain,
 * LeCun and Bregler, "Efficient object localization using convolutional networks", 2015), or all
 * values of an image ({@link StochasticDepth}).
 *
 * <p>Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way to prevent
 * neural networks from overfitting", 2014.
 *
 * @param keep probability of keeping a value, in (0, 1)
 * @param grain what is dropped together
 */
public record KeyedDropout(double keep, Grain grain) {
  /** What is dropped together. */
  public enum Grain {
    /** Each value by itself. */
    VALUE,
    /** A channel of an image. */
    CHANNEL,
    /** All of an image. */
    IMAGE
  }

  /** Of single values. */
  public KeyedDropout(double keep) {
    this(keep, Grain.VALUE);
  }

  /** Checks the probability. */
  public KeyedDropout {
    if (!(keep > 0 && keep < 1)) {
      throw new IllegalArgumentException(
          "Cannot drop values: expected a probability of keeping them between 0 and 1, found "
              + keep
              + ".");
    }
  }

  /**
   * What Deeplearning4j drops of a layer's input in training; empty if that is nothing, or noise of
   * another kind.
   */
  public static Optional<KeyedDropout> of(Layer layer) {
    return noise(layer).flatMap(KeyedDropout::of);
  }

  private static Optional<KeyedDropout> of(IDropout noise) {
    if (noise instanceof StochasticDepth depth) {
      return of(1 - depth.drop(), Grain.IMAGE);
    }
    if (noise instanceof SpatialDropout spatial && spatial.getPSchedule() == null) {
      return of(spatial.getP(), Grain.CHANNEL);
    }
    return noise.getClass() == Dropout.class && ((Dropout) noise).getPSchedule() == null
        ? of(((Dropout) noise).getP(), Grain.VALUE)
        : Optional.empty();
  }

  private static Optional<KeyedDropout> of(double keep, Grain grain) {
    boolean off = keep == 0 || keep == 1; // 0 means off in Deeplearning4j
    return off ? Optional.empty() : Optional.of(new KeyedDropout(keep, grain));
  }

  /** Whether a layer puts noise on its input that is not dropout with a fixed probability. */
  public static boolean isOtherNoiseOn(Layer layer) {
    return noise(layer).filter(noise -> !isKnown(noise)).isPresent();
  }

  /**
   * Only layers that apply weights to their input, and those that do nothing else, ask for their
   * noise; normalisation, pooling and functions do not, although one can configure it.
   */
  private static Optional<IDropout> noise(Layer layer) {
    boolean asks = layer instanceof FeedForwardLayer && !(layer instanceof BatchNormalization);
    return asks ? Optional.ofNullable(layer.getIDropout()) : Optional.empty();
  }

  private static boolean isKnown(IDropout noise) {
    return noise instanceof StochasticDepth
        || (noise instanceof SpatialDropout spatial && spatial.getPSchedule() == null)
        || (noise.getClass() == Dropout.class && ((Dropout) noise).getPSchedule() == null);
  }

  /**
   * Draws a part of a mask: 0 for what is dropped, 1 / {@link #keep} for the others.
   *
   * @param mask overwritten from {@code from} on, up to {@code to}; what is drawn depends on the
   *     distance from {@code from} alone
   * @param key well mixed, such as {@link KeyedRandom#mix} gives it
   * @param number tells the masks of one key from each other
   */
  public void draw(float[] mask, int from, int to, long key, int number) {
    long first = KeyedRandom.mix(key + number);
    long threshold = (long) (keep * (1L << Integer.SIZE));
    float kept = (float) (1 / keep);
    for (int i = from; i < to; i++) {
      long bits = KeyedRandom.mix(first + i - from) >>> Integer.SIZE;
      mask[i] = bits < threshold ? kept : 0;
    }
  }

  /**
   * Draws the mask of a batch whose examples have keys of their own.
   *
   * @param mask axes [keys, values of an example]; overwritten
   * @param keys one for each example, well mixed
   * @param number tells the masks of one key from each other
   */
  public void drawRows(float[] mask, long[] keys, int number) {
    int length = mask.length / keys.length;
    for (int row = 0; row < keys.length; row++) {
      draw(mask, row * length, (row + 1) * length, keys[row], number);
    }
  }

  /**
   * Draws the mask of a batch of images, a number for each value.
   *
   * @param mask axes [image, channel, row, column]; overwritten
   * @param channels of an image
   * @param keys one for all images or one for each, well mixed
   * @param number tells the masks of one key from each other
   */
  public void drawImages(float[] mask, int images, int channels, long[] keys, int number) {
    int draws =
        switch (grain) {
          case VALUE -> mask.length;
          case CHANNEL -> images * channels;
          case IMAGE -> images;
        };
    float[] drawn = draws == mask.length ? mask : new float[draws];
    drawRows(drawn, keys, number);
    int together = mask.length / draws;
    for (int i = 0; i < draws && together > 1; i++) {
      Arrays.fill(mask, i * together, (i + 1) * together, drawn[i]);
    }
  }
}
