package dev.convoy.worker.graph;

import dev.convoy.worker.model.layer.OriginalDropout;
import java.util.List;
import java.util.Optional;

/**
 * Dropout in training, and in inference where answers are sampled.
 *
 * @param number of the node in its network; no two masks of a step are the same
 */
public record DropoutNode(String name, List<String> inputs, KeyedDropout dropout, int number)
    implements Node {

  /** A layer that does nothing else, in the original form. */
  static void read(Reading reading, OriginalDropout layer) {
    reading.add(
        new DropoutNode(
            reading.name(),
            reading.inputs(),
            KeyedDropout.of(layer).orElseThrow(),
            reading.nodes().size()));
  }

  @Override
  public DropoutNode reading(List<String> others) {
    return new DropoutNode(name, others, dropout, number);
  }

  /** What is done in inference where nothing is dropped; empty if that is nothing. */
  Optional<Node> inInference() {
    double factor = dropout.factorInInference();
    return factor == 1
        ? Optional.empty()
        : Optional.of(
            new ActivationNode(
                name, inputs, new Activation(Activation.Kind.LINEAR, (float) factor)));
  }

  DropoutNode numbered(int other) {
    return new DropoutNode(name, inputs, dropout, other);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return arguments.get(0);
  }
}
