package dev.convoy.worker.accelerator.helper;

import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.LayerHelper;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.normalization.BatchNormalizationHelper;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Installs fast helpers in a network's convolution, batch normalisation and pooling layers.
 *
 * <p>Helpers live in the network object and nowhere else: install them after every {@code init},
 * {@code clone} and restore. A saved network holds no trace of them. Whatever a helper does not
 * handle (numbers other than float, channels-last images) runs on the stock path.
 *
 * <p>Different networks may be accelerated and used by different threads at once. One network, as
 * always in Deeplearning4j, belongs to one thread at a time. The native operations use {@code
 * OMP_NUM_THREADS} threads per calling thread; batch normalisation on the CPU always uses one. Two
 * networks with one thread each are faster than one network with two. The same network, batch and
 * number of threads give the same bits.
 *
 * <p>On CUDA everything goes through ND4J's operations; that path has only been run on CPUs.
 */
public final class LayerHelpers {
  private LayerHelpers() {}

  /**
   * Which kinds of layer to accelerate; the others are put back on the stock path.
   *
   * @param convolution 2-D convolutions
   * @param batchNormalization batch normalisation with learned scale and shift
   * @param pooling maximum and average pooling
   */
  public record Settings(boolean convolution, boolean batchNormalization, boolean pooling) {
    /** Everything that can be accelerated. */
    public static Settings all() {
      return new Settings(true, true, true);
    }

    /** Stock Deeplearning4j. */
    public static Settings none() {
      return new Settings(false, false, false);
    }
  }

  /**
   * What was installed.
   *
   * @param convolutionLayers accelerated convolutions
   * @param batchNormalizationLayers accelerated batch normalisations
   * @param poolingLayers accelerated poolings
   * @param leftAlone layers of these three kinds that stay on the stock path, because the settings
   *     or the layer's own configuration exclude them
   */
  public record Report(
      int convolutionLayers, int batchNormalizationLayers, int poolingLayers, int leftAlone) {
    /** One line for a log. */
    public String description() {
      return "accelerated %d convolution, %d batch normalisation and %d pooling layers; %d left alone"
          .formatted(convolutionLayers, batchNormalizationLayers, poolingLayers, leftAlone);
    }
  }

  /**
   * Puts the helpers that the settings ask for into the network's layers and removes the others.
   * Calling it again changes nothing.
   *
   * @param network an initialised network; not in use by another thread during the call
   * @throws IllegalStateException if this version of Deeplearning4j keeps its helpers elsewhere
   */
  public static Report install(ComputationGraph network, Settings settings) {
    Objects.requireNonNull(settings, "settings");
    if (network.getLayers() == null) {
      throw new IllegalArgumentException(
          "Cannot accelerate a network: expected an initialised one, but init() was not called");
    }
    boolean signsLast = Arrays.stream(network.getLayers()).noneMatch(LayerHelpers::addsNoise);
    int convolutions = 0;
    int normalizations = 0;
    int poolings = 0;
    int leftAlone = 0;
    for (Layer wrapped : network.getLayers()) {
      Layer layer = unwrapped(wrapped);
      HelperField field = HelperField.of(layer);
      if (field == null) {
        continue;
      }
      LayerHelper helper = helperFor(layer, settings, signsLast);
      field.set(layer, helper);
      if (helper == null) {
        leftAlone++;
      } else if (field == HelperField.CONVOLUTION) {
        convolutions++;
      } else if (field == HelperField.BATCH_NORMALIZATION) {
        normalizations++;
      } else {
        poolings++;
      }
    }
    return new Report(convolutions, normalizations, poolings, leftAlone);
  }

  private static Layer unwrapped(Layer layer) {
    Layer actual = layer;
    while (actual instanceof BaseWrapperLayer wrapper) {
      actual = wrapper.getUnderlying();
    }
    return actual;
  }

  /** Whether a layer may change the signs of its input, which it may do in place. */
  private static boolean addsNoise(Layer layer) {
    IDropout dropout = layer.conf().getLayer().getIDropout();
    return dropout != null && !(dropout instanceof Dropout || dropout instanceof SpatialDropout);
  }

  /** The helper for a layer, or null for the stock path. */
  private static LayerHelper helperFor(Layer layer, Settings settings, boolean signsLast) {
    if (layer instanceof ConvolutionLayer convolution) {
      return settings.convolution() && NativeConvolution.handles(convolution)
          ? new NativeConvolution(convolution, signsLast)
          : null;
    }
    if (layer instanceof BatchNormalization normalization) {
      var configuration = normalization.layerConf();
      boolean supported =
          configuration.getCnn2DFormat() == CNN2DFormat.NCHW && !configuration.isLockGammaBeta();
      return settings.batchNormalization() && supported
          ? batchNormalizationHelper(Math.toIntExact(configuration.getNOut()))
          : null;
    }
    var pooling = ((SubsamplingLayer) layer).layerConf();
    return settings.pooling() && pooling.getCnn2dDataFormat() == CNN2DFormat.NCHW
        ? new NativePooling(pooling.isAvgPoolIncludePadInDivisor())
        : null;
  }

  private static BatchNormalizationHelper batchNormalizationHelper(int channels) {
    return Nd4j.getEnvironment().isCPU()
        ? new HostBatchNormalization(channels)
        : nativeBatchNormalization();
  }

  /**
   * For arrays that are not in host memory: Deeplearning4j's own helper, which is written for
   * oneDNN but calls ND4J's {@code batchnorm} operations alone, and through them cuDNN.
   */
  static BatchNormalizationHelper nativeBatchNormalization() {
    return new MKLDNNBatchNormHelper(DataType.FLOAT);
  }
}
