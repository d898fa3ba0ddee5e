package dev.convoy.worker.layers;

import dev.convoy.worker.layers.ChannelPlanes.Extent;
import java.nio.FloatBuffer;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalizationHelper;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batch normalisation of images in host memory (Ioffe and Szegedy, "Batch normalization:
 * accelerating deep network training by reducing internal covariate shift", 2015), in two passes
 * over the input forward and two backward.
 *
 * <p>The layer itself keeps the running mean and variance, from the batch's that this helper hands
 * it, exactly as on the stock path.
 */
final class HostBatchNormalization implements BatchNormalizationHelper {
  private final ChannelPlanes planes = new ChannelPlanes();
  private final int channels;
  private final INDArray meanCache;
  private final INDArray varianceCache;
  private final double[] batchMean;
  private final double[] batchVariance;

  HostBatchNormalization(int channels) {
    this.channels = channels;
    this.batchMean = new double[channels];
    this.batchVariance = new double[channels];
    // They outlive the iteration, so they must not lie in one of its workspaces.
    meanCache = Nd4j.createUninitializedDetached(DataType.FLOAT, channels);
    varianceCache = Nd4j.createUninitializedDetached(DataType.FLOAT, channels);
  }

  @Override
  public INDArray preOutput(
      INDArray input,
      boolean training,
      long[] shape,
      INDArray gamma,
      INDArray beta,
      INDArray runningMean,
      INDArray runningVariance,
      double decay,
      double epsilon,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    if (format != CNN2DFormat.NCHW || !Arrays4d.areFloatImages(input)) {
      return null;
    }
    INDArray images = Arrays4d.contiguous(input);
    INDArray output =
        workspaces.createUninitialized(
            ArrayType.ACTIVATIONS, images.dataType(), images.shape(), 'c');
    FloatBuffer values = HostMemory.of(images);
    Extent extent = Extent.of(images);
    double[] mean = batchMean;
    double[] variance = batchVariance;
    if (training) {
      planes.moments(values, extent, mean, variance);
      HostMemory.write(mean, meanCache);
      HostMemory.write(variance, varianceCache);
    } else {
      mean = HostMemory.read(runningMean);
      variance = HostMemory.read(runningVariance);
    }
    double[] scale = HostMemory.read(gamma);
    for (int channel = 0; channel < channels; channel++) {
      scale[channel] /= Math.sqrt(variance[channel] + epsilon);
    }
    planes.normalize(values, HostMemory.of(output), extent, mean, scale, HostMemory.read(beta));
    return output;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray input,
      INDArray outputGradient,
      long[] shape,
      INDArray gamma,
      INDArray beta,
      INDArray gammaGradient,
      INDArray betaGradient,
      double epsilon,
      CNN2DFormat format,
      LayerWorkspaceMgr workspaces) {
    if (format != CNN2DFormat.NCHW || !Arrays4d.areFloatImages(input)) {
      return null;
    }
    Extent extent = Extent.of(input);
    FloatBuffer values = HostMemory.of(Arrays4d.contiguous(input));
    FloatBuffer gradients = HostMemory.of(Arrays4d.contiguous(outputGradient));
    double[] sums = new double[channels];
    double[] products = new double[channels];
    planes.gradientSums(values, gradients, extent, batchMean, sums, products);

    // With s = 1 / sqrt(variance + epsilon) and n values per channel, the input's gradient is
    // gamma s (g - sum(g) / n - (x - mean) s² sum(g (x - mean)) / n).
    double[] scale = HostMemory.read(gamma);
    double[] slope = new double[channels];
    double[] shift = new double[channels];
    for (int channel = 0; channel < channels; channel++) {
      double inverse = 1 / Math.sqrt(batchVariance[channel] + epsilon);
      scale[channel] *= inverse;
      shift[channel] = -scale[channel] * sums[channel] / extent.population();
      slope[channel] =
          -scale[channel] * inverse * inverse * products[channel] / extent.population();
      products[channel] *= inverse;
    }
    HostMemory.write(products, gammaGradient);
    HostMemory.write(sums, betaGradient);
    INDArray inputGradient =
        workspaces.createUninitialized(
            ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
    planes.inputGradient(
        values, gradients, HostMemory.of(inputGradient), extent, batchMean, scale, slope, shift);

    Gradient gradient = new DefaultGradient();
    gradient.setGradientFor(BatchNormalizationParamInitializer.GAMMA, gammaGradient);
    gradient.setGradientFor(BatchNormalizationParamInitializer.BETA, betaGradient);
    return new Pair<>(gradient, inputGradient);
  }

  @Override
  public INDArray getMeanCache(DataType type) {
    return meanCache;
  }

  @Override
  public INDArray getVarCache(DataType type) {
    return varianceCache;
  }

  @Override
  public boolean checkSupported() {
    return true;
  }

  @Override
  public boolean checkSupported(double epsilon, boolean fixedGammaBeta) {
    return !fixedGammaBeta;
  }

  @Override
  public Map<String, Long> helperMemoryUse() {
    return Map.of();
  }
}
