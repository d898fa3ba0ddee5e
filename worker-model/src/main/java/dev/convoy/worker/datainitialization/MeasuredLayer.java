package dev.convoy.worker.datainitialization;

import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.Segment.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongToIntFunction;
import java.util.function.Supplier;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution or a full connection, what it gives in front of its function for the images of a
 * batch, and the parameters by which that changes.
 */
public final class MeasuredLayer {
  private final Layer layer;
  private final Supplier<INDArray> forward;
  private final Segment scaled;
  private final Optional<Segment> bias;

  private MeasuredLayer(
      Layer layer, Supplier<INDArray> forward, Segment scaled, Optional<Segment> bias) {
    this.layer = layer;
    this.forward = forward;
    this.scaled = scaled;
    this.bias = bias;
  }

  /**
   * A layer; empty if it has no weights.
   *
   * @param segments its parameters
   * @param forward what it gives, with its function
   */
  static Optional<MeasuredLayer> of(
      Layer layer, List<Segment> segments, Supplier<INDArray> forward) {
    if (segments.stream().noneMatch(segment -> segment.kind() == Kind.WEIGHT)) {
      return Optional.empty();
    }
    // Lengths of units where there are any; of separable convolutions the weights that come last.
    Segment scaled =
        segments.stream()
            .filter(segment -> segment.kind() == Kind.SCALE)
            .findFirst()
            .orElseGet(
                () ->
                    segments.stream()
                        .filter(segment -> segment.kind() == Kind.WEIGHT)
                        .reduce((first, second) -> second)
                        .orElseThrow());
    Optional<Segment> bias =
        segments.stream().filter(segment -> segment.kind() == Kind.BIAS).findFirst();
    return Optional.of(new MeasuredLayer(layer, forward, scaled, bias));
  }

  /** How many units the layer has. */
  public int units() {
    return scaled.unitCount();
  }

  /** What the layer gives now, in front of its function. */
  public UnitMoments measure() {
    BaseLayer configuration = (BaseLayer) layer.conf().getLayer();
    IActivation function = configuration.getActivationFn();
    configuration.setActivationFn(new ActivationIdentity());
    try {
      return UnitMoments.of(forward.get());
    } finally {
      configuration.setActivationFn(function);
    }
  }

  /** Multiplies all weights. */
  public void scale(double factor) {
    FloatIndexer values = values(scaled);
    for (long i = 0; i < scaled.length(); i++) {
      values.put(i, (float) (values.get(i) * factor));
    }
  }

  /** Multiplies the weights into each unit by a factor of its own. */
  public void scale(double[] factors) {
    FloatIndexer values = values(scaled);
    LongToIntFunction unit = scaled.unitAt();
    for (long i = 0; i < scaled.length(); i++) {
      values.put(i, (float) (values.get(i) * factors[unit.applyAsInt(i)]));
    }
  }

  /** A copy of the biases of all units; empty if the layer has none. */
  public double[] biases() {
    double[] copy = new double[bias.map(segment -> (int) segment.length()).orElse(0)];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values(bias.get()).get(i);
    }
    return copy;
  }

  /** Sets the biases of all units, of a layer that has them. */
  public void setBiases(double[] biases) {
    for (int i = 0; i < biases.length; i++) {
      values(bias.orElseThrow()).put(i, (float) biases[i]);
    }
  }

  /** The memory of a view begins where the view does, and is as long. */
  private FloatIndexer values(Segment segment) {
    Map<String, INDArray> parameters = layer.paramTable();
    return (FloatIndexer) parameters.get(segment.parameter()).data().indexer();
  }
}
