package dev.convoy.worker.graph;

import dev.convoy.data.random.KeyedRandom;
import java.util.Optional;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Dropout, inverted: values are kept with some probability and divided by it. Which ones are kept
 * is a pure function of a key.
 *
 * <p>Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way to prevent
 * neural networks from overfitting", 2014.
 *
 * @param keep probability of keeping a value, in (0, 1)
 */
public record KeyedDropout(double keep) {
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
    return noise(layer)
        .filter(KeyedDropout::isPlain)
        .map(noise -> ((Dropout) noise).getP())
        .filter(keep -> keep != 0 && keep != 1) // 0 means off in Deeplearning4j
        .map(KeyedDropout::new);
  }

  /** Whether a layer puts noise on its input that is not dropout with a fixed probability. */
  public static boolean isOtherNoiseOn(Layer layer) {
    return noise(layer).filter(noise -> !isPlain(noise)).isPresent();
  }

  /**
   * Only layers that apply weights to their input, and those that do nothing else, ask for their
   * noise; normalisation, pooling and functions do not, although one can configure it.
   */
  private static Optional<IDropout> noise(Layer layer) {
    boolean asks = layer instanceof FeedForwardLayer && !(layer instanceof BatchNormalization);
    return asks ? Optional.ofNullable(layer.getIDropout()) : Optional.empty();
  }

  private static boolean isPlain(IDropout noise) {
    return noise.getClass() == Dropout.class && ((Dropout) noise).getPSchedule() == null;
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
}
