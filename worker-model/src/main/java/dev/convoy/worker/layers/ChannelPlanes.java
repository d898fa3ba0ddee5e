package dev.convoy.worker.layers;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Passes over images in host memory, one channel at a time: the sums and the affine maps that batch
 * normalisation is made of. Values are float with axes [batch, channels, pixels], dense; sums over
 * a channel are taken in float per pixel position and then in double, always in the same order.
 *
 * <p>Written as plain loops over small arrays that stay in the first-level cache, since those are
 * what the JIT turns into vector instructions; ND4J's reductions and broadcasts over channels take
 * five to twenty times as long. One instance belongs to one thread at a time.
 */
final class ChannelPlanes {
  /** Pixels handled at a time: four such arrays fit into a first-level cache of 32 KiB. */
  private static final int TILE = 1024;

  private final float[] first = new float[TILE];
  private final float[] second = new float[TILE];
  private final float[] sum = new float[TILE];
  private final float[] product = new float[TILE];

  /** The extent of an array: batch, channels and pixels per channel. */
  record Extent(int batch, int channels, int pixels) {
    static Extent of(INDArray array) {
      return new Extent(
          (int) array.size(0), (int) array.size(1), Math.toIntExact(array.size(2) * array.size(3)));
    }

    /** Values per channel. */
    long population() {
      return (long) batch * pixels;
    }

    /** Where a channel of an example begins. */
    int start(int example, int channel) {
      return (example * channels + channel) * pixels;
    }
  }

  /** The mean and the (biased) variance of every channel. */
  void moments(FloatBuffer values, Extent extent, double[] mean, double[] variance) {
    for (int channel = 0; channel < extent.channels(); channel++) {
      // Sums are taken around a typical value, so that a large mean costs no digits of variance.
      float pivot = typical(values, extent, channel);
      double total = 0;
      double squares = 0;
      for (int from = 0; from < extent.pixels(); from += TILE) {
        int length = Math.min(TILE, extent.pixels() - from);
        clearSums(length);
        for (int example = 0; example < extent.batch(); example++) {
          values.get(extent.start(example, channel) + from, first, 0, length);
          addMoments(first, pivot, sum, product, length);
        }
        total += total(sum, length);
        squares += total(product, length);
      }
      double offset = total / extent.population();
      mean[channel] = pivot + offset;
      variance[channel] = Math.max(0, squares / extent.population() - offset * offset);
    }
  }

  /** For every channel the sum of the gradient, and the sum of gradient × (value − mean). */
  void gradientSums(
      FloatBuffer values,
      FloatBuffer gradients,
      Extent extent,
      double[] mean,
      double[] sums,
      double[] products) {
    for (int channel = 0; channel < extent.channels(); channel++) {
      float center = (float) mean[channel];
      double total = 0;
      double weighted = 0;
      for (int from = 0; from < extent.pixels(); from += TILE) {
        int length = Math.min(TILE, extent.pixels() - from);
        clearSums(length);
        for (int example = 0; example < extent.batch(); example++) {
          int start = extent.start(example, channel) + from;
          values.get(start, first, 0, length);
          gradients.get(start, second, 0, length);
          addProducts(first, second, center, sum, product, length);
        }
        total += total(sum, length);
        weighted += total(product, length);
      }
      sums[channel] = total;
      products[channel] = weighted;
    }
  }

  /** output = (value − mean) × scale + shift, with one mean, scale and shift per channel. */
  void normalize(
      FloatBuffer values,
      FloatBuffer output,
      Extent extent,
      double[] mean,
      double[] scale,
      double[] shift) {
    for (int example = 0; example < extent.batch(); example++) {
      for (int channel = 0; channel < extent.channels(); channel++) {
        int start = extent.start(example, channel);
        for (int from = 0; from < extent.pixels(); from += TILE) {
          int length = Math.min(TILE, extent.pixels() - from);
          values.get(start + from, first, 0, length);
          affine(
              first, (float) mean[channel], (float) scale[channel], (float) shift[channel], length);
          output.put(start + from, first, 0, length);
        }
      }
    }
  }

  /** output = gradient × scale + (value − mean) × slope + shift, each one per channel. */
  void inputGradient(
      FloatBuffer values,
      FloatBuffer gradients,
      FloatBuffer output,
      Extent extent,
      double[] mean,
      double[] scale,
      double[] slope,
      double[] shift) {
    for (int example = 0; example < extent.batch(); example++) {
      for (int channel = 0; channel < extent.channels(); channel++) {
        int start = extent.start(example, channel);
        for (int from = 0; from < extent.pixels(); from += TILE) {
          int length = Math.min(TILE, extent.pixels() - from);
          values.get(start + from, first, 0, length);
          gradients.get(start + from, second, 0, length);
          combine(
              first,
              second,
              (float) mean[channel],
              (float) scale[channel],
              (float) slope[channel],
              (float) shift[channel],
              length);
          output.put(start + from, first, 0, length);
        }
      }
    }
  }

  private float typical(FloatBuffer values, Extent extent, int channel) {
    int length = Math.min(TILE, extent.pixels());
    values.get(extent.start(0, channel), first, 0, length);
    return (float) (total(first, length) / length);
  }

  private void clearSums(int length) {
    Arrays.fill(sum, 0, length, 0f);
    Arrays.fill(product, 0, length, 0f);
  }

  private static double total(float[] values, int length) {
    double total = 0;
    for (int i = 0; i < length; i++) {
      total += values[i];
    }
    return total;
  }

  private static void addMoments(
      float[] values, float pivot, float[] sum, float[] squares, int length) {
    for (int i = 0; i < length; i++) {
      float distance = values[i] - pivot;
      sum[i] += distance;
      squares[i] += distance * distance;
    }
  }

  private static void addProducts(
      float[] values, float[] gradients, float center, float[] sum, float[] products, int length) {
    for (int i = 0; i < length; i++) {
      float gradient = gradients[i];
      sum[i] += gradient;
      products[i] += gradient * (values[i] - center);
    }
  }

  private static void affine(float[] values, float center, float scale, float shift, int length) {
    for (int i = 0; i < length; i++) {
      values[i] = (values[i] - center) * scale + shift;
    }
  }

  private static void combine(
      float[] values,
      float[] gradients,
      float center,
      float scale,
      float slope,
      float shift,
      int length) {
    for (int i = 0; i < length; i++) {
      values[i] = gradients[i] * scale + (values[i] - center) * slope + shift;
    }
  }
}
