package dev.convoy.data.batch;

import dev.convoy.data.shard.ChannelSums;
import dev.convoy.data.shard.ShardStatistics;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Mean and standard deviation of every channel, in units of pixel value / 255. A network sees
 * {@code (value / 255 - mean) / deviation}.
 *
 * <p>Immutable; accessors return copies. A plain class, not a record, so that Kryo's field
 * serializer can carry it.
 */
public final class Normalization {
  private static final int VALUES = 256;

  private final float[] mean;
  private final float[] deviation;

  private Normalization(float[] mean, float[] deviation) {
    this.mean = mean;
    this.deviation = deviation;
  }

  /** Known values, for example those that a model was trained with. Copies the arrays. */
  public static Normalization of(float[] mean, float[] deviation) {
    if (mean.length != deviation.length) {
      throw new IllegalArgumentException(
          "Cannot normalise images: expected one deviation per mean, found "
              + deviation.length
              + " and "
              + mean.length
              + ".");
    }
    for (int channel = 0; channel < mean.length; channel++) {
      if (!Float.isFinite(mean[channel])
          || !Float.isFinite(deviation[channel])
          || deviation[channel] <= 0) {
        throw new IllegalArgumentException(
            "Cannot normalise images: expected finite means and positive deviations, found "
                + mean[channel]
                + " and "
                + deviation[channel]
                + " for channel "
                + channel
                + ".");
      }
    }
    return new Normalization(mean.clone(), deviation.clone());
  }

  /** The values of a training set; see {@link #of(ChannelSums)}. */
  public static Normalization of(ShardStatistics statistics) {
    return of(statistics.channels());
  }

  /**
   * The values of a set of images, from its integer sums and therefore the same however it was
   * sharded. The deviation is that of the population. A channel that never varies is only centred
   * (deviation 1), and so is every channel of an empty set.
   */
  public static Normalization of(ChannelSums sums) {
    int channels = sums.values().size();
    long count = sums.pixels();
    if (count == 0) {
      return identity(channels);
    }
    float[] mean = new float[channels];
    float[] deviation = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      long sum = sums.values().get(channel);
      mean[channel] = (float) ((double) sum / count / 255.0);
      double spread = deviation(count, sum, sums.squares().get(channel)) / 255.0;
      deviation[channel] = spread > 0 ? (float) spread : 1;
    }
    return new Normalization(mean, deviation);
  }

  /** Pixel values / 255, unchanged otherwise. */
  public static Normalization identity(int channels) {
    float[] deviation = new float[channels];
    Arrays.fill(deviation, 1);
    return new Normalization(new float[channels], deviation);
  }

  /** The mean of every channel. */
  public float[] mean() {
    return mean.clone();
  }

  /** The standard deviation of every channel. */
  public float[] deviation() {
    return deviation.clone();
  }

  /** How many channels there are. */
  public int channels() {
    return mean.length;
  }

  /** For every channel, the normalised value of each of the 256 pixel values. A copy. */
  public float[][] tables() {
    float[][] tables = new float[mean.length][VALUES];
    for (int channel = 0; channel < mean.length; channel++) {
      for (int value = 0; value < VALUES; value++) {
        tables[channel][value] = (float) ((value / 255.0 - mean[channel]) / deviation[channel]);
      }
    }
    return tables;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Normalization that
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(deviation, that.deviation);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
  }

  @Override
  public String toString() {
    return "Normalization[mean="
        + Arrays.toString(mean)
        + ", deviation="
        + Arrays.toString(deviation)
        + "]";
  }

  /** The numerator count·Σx² − (Σx)² passes 64 bits and cancels: it is formed exactly. */
  private static double deviation(long count, long sum, long squareSum) {
    BigInteger exactSum = BigInteger.valueOf(sum);
    double numerator =
        BigInteger.valueOf(count)
            .multiply(BigInteger.valueOf(squareSum))
            .subtract(exactSum.multiply(exactSum))
            .doubleValue();
    return StrictMath.sqrt(numerator) / count;
  }
}
