package dev.convoy.worker.graph;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;

/** A function of each value, on its own. */
public record ActivationNode(String name, List<String> inputs, Activation activation)
    implements Node {

  static void read(Reading reading, ActivationLayer layer) throws UnsupportedNetworkException {
    reading.add(
        new ActivationNode(
            reading.name(),
            List.of(reading.behindDropout(layer)),
            reading.function(layer.getActivationFn())));
  }

  /** A layer that drops its input and does nothing else. */
  static void read(Reading reading, DropoutLayer layer) throws UnsupportedNetworkException {
    reading.add(
        new ActivationNode(reading.name(), List.of(reading.behindDropout(layer)), Activation.NONE));
  }

  /** A multiplication by a constant. */
  static void read(Reading reading, ScaleVertex vertex) {
    reading.add(
        new ActivationNode(
            reading.name(),
            reading.inputs(),
            new Activation(Activation.Kind.LINEAR, (float) vertex.getScaleFactor())));
  }

  @Override
  public ActivationNode reading(List<String> others) {
    return new ActivationNode(name, others, activation);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return arguments.get(0);
  }
}
