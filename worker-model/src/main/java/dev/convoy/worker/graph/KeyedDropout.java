package dev.convoy.worker.graph;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.worker.model.layer.OriginalDropout;
import dev.convoy.worker.model.layer.StochasticDepth;
import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Dropout: values are kept with some probability, or multiplied by noise. Which ones are kept, and
 * the noise, is a pure function of a key. Single values are dropped, whole channels (Tompson,
 * Goroshin, Jain, LeCun and Bregler, "Efficient object localization using convolutional networks",
 * 2015), or all values of an image ({@link StochasticDepth}).
 *
 * <p>Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way to prevent
 * neural networks from overfitting", 2014.
 *
 * @param keep probability of keeping a value, in (0, 1)
 * @param grain what is dropped together
 * @param form what becomes of values that are kept, and of those that are not
 */
public record KeyedDropout(double keep, Grain grain, Form form) {
  /** What becomes of values. */
  public enum Form {
    /** Those that are kept are divided by the probability; nothing is done in inference. */
    INVERTED,
    /** Those that are kept stay; in inference all are multiplied by the probability. */
    ORIGINAL,
    /**
     * Those that are dropped become the limit of SELU below 0, and all are scaled and shifted so
     * that mean 0 and variance 1 stay (Klambauer, Unterthiner, Mayr and Hochreiter 2017).
     */
    ALPHA,
    /**
     * All are multiplied by normal noise of mean 1 and the variance of the factors of inverted
     * dropout, (1 - keep) / keep; nothing is done in inference.
     */
    GAUSSIAN,
    /**
     * Normal noise of mean 0 and that variance is added to all (Poole, Sohl-Dickstein and Ganguli,
     * "Analyzing noise in autoencoders and deep networks", 2014); nothing is done in inference.
     */
    ADDED
  }

  /** Of SELU, below 0. */
  private static final double LIMIT = -Activation.SELU_SCALE * Activation.SELU_ALPHA;

  private static final double UNIT = 1.0 / (1L << Integer.SIZE);

  /** What is dropped together. */
  public enum Grain {
    /** Each value by itself. */
    VALUE,
    /** A channel of an image. */
    CHANNEL,
    /** All of an image. */
    IMAGE
  }

  /** Of single values, inverted. */
  public KeyedDropout(double keep) {
    this(keep, Grain.VALUE);
  }

  /** Inverted. */
  public KeyedDropout(double keep, Grain grain) {
    this(keep, grain, Form.INVERTED);
  }

  /** Of single values. */
  public KeyedDropout(double keep, Form form) {
    this(keep, Grain.VALUE, form);
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
   * What is dropped of a layer's input in training; empty if that is nothing, or noise of another
   * kind.
   */
  public static Optional<KeyedDropout> of(Layer layer) {
    return layer instanceof OriginalDropout original
        ? Optional.of(new KeyedDropout(original.keep(), Form.ORIGINAL))
        : noise(layer).flatMap(KeyedDropout::known).flatMap(Known::dropout);
  }

  /**
   * Noise of a kind that is known here.
   *
   * @param keep the probability; 0 and 1 for off, as in Deeplearning4j
   */
  private record Known(double keep, Grain grain, Form form) {
    Optional<KeyedDropout> dropout() {
      return keep == 0 || keep == 1
          ? Optional.empty()
          : Optional.of(new KeyedDropout(keep, grain, form));
    }
  }

  private static Optional<Known> known(IDropout noise) {
    Known known = null;
    if (noise instanceof StochasticDepth depth) {
      known = new Known(1 - depth.drop(), Grain.IMAGE, Form.INVERTED);
    } else if (noise instanceof SpatialDropout spatial && spatial.getPSchedule() == null) {
      known = new Known(spatial.getP(), Grain.CHANNEL, Form.INVERTED);
    } else if (noise instanceof AlphaDropout alpha && alpha.getPSchedule() == null) {
      known = new Known(alpha.getP(), Grain.VALUE, Form.ALPHA);
    } else if (noise instanceof GaussianDropout gaussian && gaussian.getRateSchedule() == null) {
      known = new Known(1 - gaussian.getRate(), Grain.VALUE, Form.GAUSSIAN);
    } else if (noise instanceof GaussianNoise added && added.getStddevSchedule() == null) {
      double variance = added.getStddev() * added.getStddev();
      known = new Known(1 / (1 + variance), Grain.VALUE, Form.ADDED);
    } else if (noise.getClass() == Dropout.class && ((Dropout) noise).getPSchedule() == null) {
      known = new Known(((Dropout) noise).getP(), Grain.VALUE, Form.INVERTED);
    }
    return Optional.ofNullable(known);
  }

  /** Whether a layer puts noise on its input that is not one of these forms, with a fixed keep. */
  public static boolean isOtherNoiseOn(Layer layer) {
    return noise(layer).filter(noise -> known(noise).isEmpty()).isPresent();
  }

  /**
   * Only layers that apply weights to their input, and those that do nothing else, ask for their
   * noise; normalisation, pooling and functions do not, although one can configure it.
   */
  private static Optional<IDropout> noise(Layer layer) {
    boolean asks = layer instanceof FeedForwardLayer && !(layer instanceof BatchNormalization);
    return asks ? Optional.ofNullable(layer.getIDropout()) : Optional.empty();
  }

  /** What all values are multiplied by in inference. */
  public double factorInInference() {
    return form == Form.ORIGINAL ? keep : 1;
  }

  /** What values that are kept are multiplied by, before they are shifted. */
  public double kept() {
    return switch (form) {
      case INVERTED -> 1 / keep;
      case ORIGINAL, GAUSSIAN, ADDED -> 1;
      case ALPHA -> 1 / Math.sqrt(keep + LIMIT * LIMIT * keep * (1 - keep));
    };
  }

  /** Whether something is added to values that are multiplied: {@link #shifts}. */
  public boolean hasShifts() {
    return form == Form.ALPHA || form == Form.ADDED;
  }

  /**
   * What is added to values that were multiplied by a mask.
   *
   * @param mask as it was drawn
   * @param keys that it was drawn from
   * @param number of the mask
   * @param shifts as long as the mask; overwritten
   */
  public void shifts(float[] mask, long[] keys, int number, float[] shifts) {
    int length = mask.length / keys.length;
    for (int row = 0; row < keys.length && form == Form.ADDED; row++) {
      long first = KeyedRandom.mix(keys[row] + number);
      for (int i = 0; i < length; i++) {
        shifts[row * length + i] = (float) noise(KeyedRandom.mix(first + i));
      }
    }
    if (form != Form.ADDED) {
      shifts(mask, shifts);
    }
  }

  private void shifts(float[] mask, float[] shifts) {
    // a (x d + l (1 - d)) - a (1 - keep) l, where d is 1 or 0, and the mask a d.
    double ofAll = kept() * LIMIT * keep;
    for (int i = 0; i < mask.length; i++) {
      shifts[i] = hasShifts() ? (float) (ofAll - LIMIT * mask[i]) : 0;
    }
  }

  /**
   * Draws a part of a mask: 0 for what is dropped, one number for all others; or noise.
   *
   * @param mask overwritten from {@code from} on, up to {@code to}; what is drawn depends on the
   *     distance from {@code from} alone
   * @param key well mixed, such as {@link KeyedRandom#mix} gives it
   * @param number tells the masks of one key from each other
   */
  public void draw(float[] mask, int from, int to, long key, int number) {
    long first = KeyedRandom.mix(key + number);
    long threshold = (long) (keep * (1L << Integer.SIZE));
    float kept = (float) kept();
    for (int i = from; i < to; i++) {
      long bits = KeyedRandom.mix(first + i - from);
      mask[i] =
          switch (form) {
            case GAUSSIAN -> (float) (1 + noise(bits));
            case ADDED -> 1;
            default -> bits >>> Integer.SIZE < threshold ? kept : 0;
          };
    }
  }

  /** A normal number, from two uniform ones (Box and Muller 1958). */
  private double noise(long bits) {
    double distance = StrictMath.sqrt(-2 * StrictMath.log(((bits >>> Integer.SIZE) + 0.5) * UNIT));
    double angle = 2 * Math.PI * (bits & 0xFFFFFFFFL) * UNIT;
    return Math.sqrt((1 - keep) / keep) * distance * StrictMath.cos(angle);
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
