package dev.convoy.worker.check;

import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.worker.layers.BatchArrays;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.training.WorkerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a layer gives for some images in training. A unit is a channel of a convolution, or a value
 * of a vector.
 *
 * @param layer its name
 * @param function that it ends with
 * @param mean of all values
 * @param deviation of all values
 * @param dead share of units that are 0 for every image and everywhere in it; 0 but for ReLU
 * @param saturated share of values within 3 % of an end of the function's range; 0 but for sigmoid
 *     and tanh
 */
public record LayerActivations(
    String layer, Function function, double mean, double deviation, double dead, double saturated) {
  /** How near to an end of its range a function is flat: its slope there is below 0.03 or 0.06. */
  private static final double END = 0.97;

  /** What a layer ends with. */
  public enum Function {
    /** Zero below zero: units can be dead. */
    RELU,
    /** From 0 to 1: values can be saturated. */
    SIGMOID,
    /** From -1 to 1: values can be saturated. */
    TANH,
    /** Anything else. */
    OTHER;

    private static Function of(Layer layer) {
      IActivation function =
          layer.conf().getLayer() instanceof BaseLayer base
              ? base.getActivationFn()
              : layer.conf().getLayer() instanceof ActivationLayer activation
                  ? activation.getActivationFn()
                  : null;
      if (function instanceof ActivationReLU) {
        return RELU;
      }
      if (function instanceof ActivationSigmoid) {
        return SIGMOID;
      }
      return function instanceof ActivationTanH ? TANH : OTHER;
    }

    private boolean isSaturated(double value) {
      return switch (this) {
        case SIGMOID -> Math.abs(2 * value - 1) > END;
        case TANH -> Math.abs(value) > END;
        case RELU, OTHER -> false;
      };
    }
  }

  /** Of the first batch; computed by Deeplearning4j's own layers. */
  static List<LayerActivations> of(
      WorkerSettings settings, float[] parameters, ShortTraining.Material material) {
    ComputationGraph network = settings.drawn();
    network.setParams(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
    Map<String, INDArray> values = network.feedForward(images(settings.input(), material), true);
    List<LayerActivations> layers = new ArrayList<>();
    for (Layer layer : network.getLayers()) {
      Optional.ofNullable(values.get(layer.conf().getLayer().getLayerName()))
          .map(value -> of(layer, value))
          .ifPresent(layers::add);
    }
    return layers;
  }

  private static INDArray images(InputShape input, ShortTraining.Material material) {
    int size = Math.min(material.batchSize(), material.images().size());
    int[] order = IntStream.range(0, size).toArray();
    try (BatchPipeline batches = new BatchPipeline(material.images(), order, 0, size, size)) {
      Batch batch = batches.next();
      return BatchArrays.images(batch.images(material.normalization()), 0, size, input);
    }
  }

  private static LayerActivations of(Layer layer, INDArray output) {
    Function function = Function.of(layer);
    int examples = (int) output.size(0);
    int units = (int) output.size(1);
    float[] values = output.dup('c').data().asFloat();
    int each = values.length / (examples * units);
    boolean[] alive = new boolean[units];
    double sum = 0;
    double squares = 0;
    long saturated = 0;
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      sum += value;
      squares += value * value;
      alive[i / each % units] |= value != 0;
      saturated += function.isSaturated(value) ? 1 : 0;
    }
    double mean = sum / values.length;
    long dead = IntStream.range(0, units).filter(unit -> !alive[unit]).count();
    return new LayerActivations(
        layer.conf().getLayer().getLayerName(),
        function,
        mean,
        Math.sqrt(Math.max(0, squares / values.length - mean * mean)),
        function == Function.RELU ? (double) dead / units : 0,
        (double) saturated / values.length);
  }
}
