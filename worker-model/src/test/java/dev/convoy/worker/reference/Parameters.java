package dev.convoy.worker.reference;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network's parameters and their gradients, in the order in which the network keeps them. */
final class Parameters {
  private final ComputationGraph network;
  private final double[] values;
  private final double[] gradients;
  private final Map<String, Parameter> parameters = new HashMap<>();

  /** Copies what the network has now; the gradients are zeros. */
  Parameters(ComputationGraph network) {
    this.network = network;
    values = network.params().toDoubleVector();
    gradients = new double[values.length];
  }

  /** One parameter of one layer. */
  final class Parameter {
    private final int from;
    private final int length;

    private Parameter(INDArray view) {
      from = Math.toIntExact(view.offset() - network.params().offset());
      length = Math.toIntExact(view.length());
    }

    double value(int i) {
      return values[from + i];
    }

    void addGradient(int i, double gradient) {
      gradients[from + i] += gradient;
    }

    int length() {
      return length;
    }
  }

  /** Asking the network takes longer than computing with what it says. */
  Parameter of(String layer, String name) {
    return parameters.computeIfAbsent(
        layer + '/' + name, key -> new Parameter(network.getLayer(layer).getParam(name)));
  }

  /** All gradients, flat. */
  double[] gradients() {
    return gradients;
  }
}
