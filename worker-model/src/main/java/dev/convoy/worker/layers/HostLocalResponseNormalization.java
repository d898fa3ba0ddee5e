package dev.convoy.worker.layers;

import dev.convoy.worker.layers.ChannelPlanes.Extent;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.LocalResponseNormalizationHelper;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Local response normalisation of images in host memory (Krizhevsky, Sutskever and Hinton,
 * "ImageNet classification with deep convolutional neural networks", 2012, section 3.3): y = x
 * s^-beta with s = k + alpha × the sum of the squares of up to n / 2 channels on either side and
 * the channel itself. Alpha is not divided by n.
 *
 * <p>The stock layer's gradient is only nearly right: it takes the s of one channel for those of
 * all its neighbours. This one is exact. ND4J's operations normalise across the last axis, whatever
 * it is.
 */
final class HostLocalResponseNormalization implements LocalResponseNormalizationHelper {
  /** Pixels handled at a time; five such arrays per channel stay in the second-level cache. */
  private static final int TILE = 128;

  /** The paper's beta, for which square roots do. */
  private static final double THREE_QUARTERS = 0.75;

  private float[][] values = new float[0][TILE];
  private float[][] gradients = new float[0][TILE];
  private float[][] terms = new float[0][TILE];
  private float[][] scales = new float[0][TILE];
  private float[][] powers = new float[0][TILE];
  private final float[] result = new float[TILE];

  @Override
  public INDArray activate(
      INDArray input,
      boolean training,
      double k,
      double n,
      double alpha,
      double beta,
      LayerWorkspaceMgr workspaces) {
    if (!Arrays4d.areFloatImages(input)) {
      return null;
    }
    INDArray output =
        workspaces.createUninitialized(ArrayType.ACTIVATIONS, input.dataType(), input.shape(), 'c');
    Extent extent = Extent.of(input);
    FloatBuffer from = HostMemory.of(Arrays4d.contiguous(input));
    FloatBuffer to = HostMemory.of(output);
    fit(extent.channels());
    for (int example = 0; example < extent.batch(); example++) {
      for (int pixel = 0; pixel < extent.pixels(); pixel += TILE) {
        int length = Math.min(TILE, extent.pixels() - pixel);
        normalize(from, extent, example, pixel, length, k, n, alpha, beta);
        for (int channel = 0; channel < extent.channels(); channel++) {
          multiply(values[channel], powers[channel], result, length);
          to.put(extent.start(example, channel) + pixel, result, 0, length);
        }
      }
    }
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray input,
      INDArray outputGradient,
      double k,
      double n,
      double alpha,
      double beta,
      LayerWorkspaceMgr workspaces) {
    if (!Arrays4d.areFloatImages(input, outputGradient)) {
      return null;
    }
    INDArray inputGradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    Extent extent = Extent.of(input);
    FloatBuffer from = HostMemory.of(Arrays4d.contiguous(input));
    FloatBuffer errors = HostMemory.of(Arrays4d.contiguous(outputGradient));
    FloatBuffer to = HostMemory.of(inputGradient);
    float slope = (float) (-2 * alpha * beta);
    int reach = (int) n / 2;
    fit(extent.channels());
    for (int example = 0; example < extent.batch(); example++) {
      for (int pixel = 0; pixel < extent.pixels(); pixel += TILE) {
        int length = Math.min(TILE, extent.pixels() - pixel);
        normalize(from, extent, example, pixel, length, k, n, alpha, beta);
        for (int channel = 0; channel < extent.channels(); channel++) {
          errors.get(extent.start(example, channel) + pixel, gradients[channel], 0, length);
          weigh(
              gradients[channel],
              values[channel],
              powers[channel],
              scales[channel],
              terms[channel],
              length);
        }
        for (int channel = 0; channel < extent.channels(); channel++) {
          sumOfNeighbours(terms, channel, reach, extent.channels(), result, length);
          combine(gradients[channel], powers[channel], values[channel], slope, result, length);
          to.put(extent.start(example, channel) + pixel, result, 0, length);
        }
      }
    }
    return new Pair<>(new DefaultGradient(), inputGradient);
  }

  /** Reads the values of a tile and computes their scales and the powers of those. */
  private void normalize(
      FloatBuffer from,
      Extent extent,
      int example,
      int pixel,
      int length,
      double k,
      double n,
      double alpha,
      double beta) {
    int channels = extent.channels();
    for (int channel = 0; channel < channels; channel++) {
      from.get(extent.start(example, channel) + pixel, values[channel], 0, length);
      multiply(values[channel], values[channel], terms[channel], length);
    }
    for (int channel = 0; channel < channels; channel++) {
      sumOfNeighbours(terms, channel, (int) n / 2, channels, scales[channel], length);
      affine(scales[channel], (float) alpha, (float) k, length);
      if (beta == THREE_QUARTERS) {
        inverseThreeQuarterPower(scales[channel], powers[channel], length);
      } else {
        power(scales[channel], -beta, powers[channel], length);
      }
    }
  }

  private void fit(int channels) {
    if (values.length < channels) {
      values = new float[channels][TILE];
      gradients = new float[channels][TILE];
      terms = new float[channels][TILE];
      scales = new float[channels][TILE];
      powers = new float[channels][TILE];
    }
  }

  // Loops by themselves, each over small arrays, are what the JIT turns into vector instructions.

  private static void sumOfNeighbours(
      float[][] terms, int channel, int reach, int channels, float[] sums, int length) {
    Arrays.fill(sums, 0, length, 0f);
    int last = Math.min(channels - 1, channel + reach);
    for (int neighbour = Math.max(0, channel - reach); neighbour <= last; neighbour++) {
      add(terms[neighbour], sums, length);
    }
  }

  private static void add(float[] values, float[] sums, int length) {
    for (int i = 0; i < length; i++) {
      sums[i] += values[i];
    }
  }

  private static void multiply(float[] first, float[] second, float[] products, int length) {
    for (int i = 0; i < length; i++) {
      products[i] = first[i] * second[i];
    }
  }

  private static void affine(float[] values, float scale, float shift, int length) {
    for (int i = 0; i < length; i++) {
      values[i] = values[i] * scale + shift;
    }
  }

  private static void inverseThreeQuarterPower(float[] values, float[] powers, int length) {
    for (int i = 0; i < length; i++) {
      float root = (float) Math.sqrt(values[i]);
      powers[i] = 1f / (root * (float) Math.sqrt(root));
    }
  }

  private static void power(float[] values, double exponent, float[] powers, int length) {
    for (int i = 0; i < length; i++) {
      powers[i] = (float) Math.pow(values[i], exponent);
    }
  }

  /** terms = gradient × value × power / scale. */
  private static void weigh(
      float[] gradients,
      float[] values,
      float[] powers,
      float[] scales,
      float[] terms,
      int length) {
    for (int i = 0; i < length; i++) {
      terms[i] = gradients[i] * values[i] * powers[i] / scales[i];
    }
  }

  /** sums = gradient × power + slope × value × sums. */
  private static void combine(
      float[] gradients, float[] powers, float[] values, float slope, float[] sums, int length) {
    for (int i = 0; i < length; i++) {
      sums[i] = gradients[i] * powers[i] + slope * values[i] * sums[i];
    }
  }

  @Override
  public boolean checkSupported() {
    return true;
  }

  @Override
  public boolean checkSupported(double k, double n, double alpha, double beta) {
    return true;
  }

  @Override
  public Map<String, Long> helperMemoryUse() {
    return Map.of();
  }
}
