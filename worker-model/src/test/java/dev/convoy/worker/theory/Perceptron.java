package dev.convoy.worker.theory;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.onednn.CompiledNetwork;
import dev.convoy.worker.optimizer.Segment;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A multilayer perceptron on vectors with two classes; its answer is the difference of logits. */
final class Perceptron implements AutoCloseable {
  private final int inputs;
  private final ComputationGraph network;
  private final CompiledNetwork compiled;

  Perceptron(int inputs, Map<String, Object> options, long seed) throws Exception {
    this.inputs = inputs;
    InputShape shape = new InputShape(1, inputs, 1, 2);
    network = Models.create(new ComponentSettings("mlp", options), shape, seed);
    network.initGradientsView();
    compiled = CompiledNetwork.compile(network, shape, Precision.FLOAT32, false, Set.of());
  }

  /**
   * Sets a layer.
   *
   * @param layer dense1, dense2, …, or output, whose second unit is the answer
   * @param weights axes [input, unit]
   */
  void set(String layer, double[][] weights, double... biases) {
    INDArray matrix = network.getParam(layer + "_W");
    for (int input = 0; input < weights.length; input++) {
      for (int unit = 0; unit < weights[input].length; unit++) {
        matrix.putScalar(input, unit, weights[input][unit]);
      }
    }
    for (int unit = 0; unit < biases.length; unit++) {
      network.getParam(layer + "_b").putScalar(unit, biases[unit]);
    }
    compiled.parametersChanged();
  }

  /** The second logit less the first, for vectors one after another. */
  double[] answers(float[] vectors) {
    int count = vectors.length / inputs;
    float[] probabilities = compiled.probabilities(Images.of(vectors), count);
    double[] answers = new double[count];
    for (int i = 0; i < count; i++) {
      answers[i] = Math.log(probabilities[2 * i + 1]) - Math.log(probabilities[2 * i]);
    }
    return answers;
  }

  /** The gradient of the loss, summed over the vectors; flat, and 0 for running statistics. */
  float[] gradient(float[] vectors, int[] labels) {
    compiled.gradient(Images.of(vectors), Targets.ofClasses(labels), labels.length, 0);
    for (Segment segment : Segment.of(network)) {
      if (segment.kind() == Segment.Kind.RUNNING_STATISTIC) {
        gradientOf(segment.layer(), segment.parameter()).assign(0);
      }
    }
    return network.getFlattenedGradients().toFloatVector();
  }

  /** A parameter's part of the gradient that was computed last. */
  INDArray gradientOf(String layer, String parameter) {
    INDArray whole = network.getParam(layer + '_' + parameter);
    long from = whole.offset() - network.params().offset();
    return network
        .getFlattenedGradients()
        .reshape(network.numParams())
        .get(NDArrayIndex.interval(from, from + whole.length()));
  }

  /** Takes a multiple of a vector off the parameters. */
  void step(float[] direction, double rate) {
    INDArray parameters = network.params();
    for (int i = 0; i < direction.length; i++) {
      parameters.putScalar(i, parameters.getDouble(i) - rate * direction[i]);
    }
    compiled.parametersChanged();
  }

  @Override
  public void close() {
    compiled.close();
  }
}
