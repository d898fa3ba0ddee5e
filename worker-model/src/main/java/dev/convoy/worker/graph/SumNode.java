package dev.convoy.worker.graph;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;

/** The sum of values of equal extent, and a function of it. */
public record SumNode(String name, List<String> inputs, Activation activation)
    implements Node.Activated {

  /** A sum, or a {@link MaximumNode}. */
  static void read(Reading reading, ElementWiseVertex vertex) throws UnsupportedNetworkException {
    switch (vertex.getOp()) {
      case Add -> reading.add(new SumNode(reading.name(), reading.inputs(), Activation.NONE));
      case Max -> reading.add(new MaximumNode(reading.name(), reading.inputs()));
      default -> throw reading.unsupported("is no sum and no maximum");
    }
  }

  @Override
  public SumNode reading(List<String> others) {
    return new SumNode(name, others, activation);
  }

  @Override
  public SumNode activated(String newName, Activation function) {
    return new SumNode(newName, inputs, function);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return arguments.get(0);
  }
}
