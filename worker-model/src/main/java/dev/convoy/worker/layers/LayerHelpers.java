package dev.convoy.worker.layers;

import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.convolution.subsampling.SubsamplingLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.normalization.BatchNormalizationHelper;
import org.deeplearning4j.nn.layers.normalization.LocalResponseNormalization;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Puts fast paths into a network's layers: a helper where Deeplearning4j has a place for one, else
 * a layer that computes the same faster.
 *
 * <p>They live in the network object and nowhere else: install them after every {@code init},
 * {@code clone} and restore. A saved network, which is its configuration and its parameters, holds
 * no trace of them. Whatever a fast path does not handle (channels-last images; most numbers other
 * than float) runs on the stock path.
 *
 * <p>Different networks may be accelerated and used by different threads at once. One network, as
 * always in Deeplearning4j, belongs to one thread at a time. The native operations use {@code
 * OMP_NUM_THREADS} threads per calling thread; what is computed in host memory always uses one. Two
 * networks with one thread each are faster than one network with two. The same network, batch and
 * number of threads give the same bits.
 *
 * <p>On CUDA everything goes through ND4J's operations, and pooling and local response
 * normalisation stay on the stock path; this has only been run on CPUs.
 */
public final class LayerHelpers {
  private LayerHelpers() {}

  /**
   * Which kinds of layer to accelerate; the others are put back on the stock path.
   *
   * @param kinds of layer
   */
  public record Settings(Set<LayerKind> kinds) implements Serializable {
    public Settings {
      kinds = Set.copyOf(kinds);
    }

    /** Everything that can be accelerated. */
    public static Settings all() {
      return new Settings(EnumSet.allOf(LayerKind.class));
    }

    /** Stock Deeplearning4j. */
    public static Settings none() {
      return new Settings(Set.of());
    }
  }

  /**
   * What was installed.
   *
   * @param accelerated how many layers of each kind
   * @param stock how many layers of each kind stay on the stock path, because the settings, the
   *     backend or the layer's own configuration exclude them
   */
  public record Report(Map<LayerKind, Integer> accelerated, Map<LayerKind, Integer> stock) {
    public Report {
      accelerated = Map.copyOf(accelerated);
      stock = Map.copyOf(stock);
    }

    /** One line for a log. */
    public String description() {
      return "accelerated layers: " + count(accelerated) + "; stock layers: " + count(stock);
    }

    private static String count(Map<LayerKind, Integer> layers) {
      return layers.isEmpty()
          ? "none"
          : Arrays.stream(LayerKind.values())
              .filter(layers::containsKey)
              .map(kind -> layers.get(kind) + " " + kind.label())
              .collect(Collectors.joining(", "));
    }
  }

  /**
   * Puts the fast paths that the settings ask for into the network's layers and removes the others.
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
    Map<LayerKind, Integer> accelerated = new EnumMap<>(LayerKind.class);
    Map<LayerKind, Integer> stock = new EnumMap<>(LayerKind.class);
    for (int number = 0; number < network.getLayers().length; number++) {
      LayerSlot slot = new LayerSlot(network, number);
      LayerKind kind = LayerKind.of(slot.layer());
      if (kind != null) {
        boolean isFast = install(slot, kind, settings.kinds().contains(kind), signsLast);
        (isFast ? accelerated : stock).merge(kind, 1, Integer::sum);
      }
    }
    return new Report(accelerated, stock);
  }

  /** Whether a layer may change the signs of its input, which it may do in place. */
  private static boolean addsNoise(Layer layer) {
    IDropout dropout = layer.conf().getLayer().getIDropout();
    return dropout != null && !(dropout instanceof Dropout || dropout instanceof SpatialDropout);
  }

  /** Puts a layer on its fast path, if that is wanted and possible, or else on the stock path. */
  private static boolean install(
      LayerSlot slot, LayerKind kind, boolean wanted, boolean signsLast) {
    Layer layer = slot.layer();
    boolean inHostMemory = Nd4j.getEnvironment().isCPU();
    return switch (kind) {
      case CONVOLUTION -> {
        var convolution = (ConvolutionLayer) layer;
        yield HelperField.CONVOLUTION.set(
            layer,
            wanted && NativeConvolution.handles(convolution)
                ? new NativeConvolution(convolution, signsLast)
                : null);
      }
      case BATCH_NORMALIZATION -> {
        var normalization = ((BatchNormalization) layer).layerConf();
        boolean handled =
            normalization.getCnn2DFormat() == CNN2DFormat.NCHW && !normalization.isLockGammaBeta();
        yield HelperField.BATCH_NORMALIZATION.set(
            layer,
            wanted && handled
                ? batchNormalizationHelper(Math.toIntExact(normalization.getNOut()))
                : null);
      }
      case LOCAL_RESPONSE_NORMALIZATION -> {
        var normalization = ((LocalResponseNormalization) layer).layerConf();
        boolean handled = inHostMemory && normalization.getDataFormat() == CNN2DFormat.NCHW;
        yield HelperField.LOCAL_RESPONSE_NORMALIZATION.set(
            layer, wanted && handled ? new HostLocalResponseNormalization() : null);
      }
      case POOLING -> {
        var pooling = (SubsamplingLayer) layer;
        yield exchange(
            slot,
            wanted && inHostMemory && HostPooling.handles(pooling),
            HostPooling.class,
            () -> new HostPooling(pooling.conf(), pooling.getDataType()),
            () -> new SubsamplingLayer(pooling.conf(), pooling.getDataType()));
      }
      case ACTIVATION -> {
        var activation = (ActivationLayer) layer;
        yield exchange(
            slot,
            wanted && NativeRelu.handles(activation),
            NativeRelu.class,
            () -> new NativeRelu(activation.conf(), activation.getDataType()),
            () -> new ActivationLayer(activation.conf(), activation.getDataType()));
      }
    };
  }

  /** Puts the fast layer or the stock one there, if it is not there yet. Returns which. */
  private static boolean exchange(
      LayerSlot slot,
      boolean wanted,
      Class<?> fastClass,
      Supplier<AbstractLayer<?>> fast,
      Supplier<AbstractLayer<?>> stock) {
    if (wanted != fastClass.isInstance(slot.layer())) {
      slot.replace((wanted ? fast : stock).get());
    }
    return wanted;
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
