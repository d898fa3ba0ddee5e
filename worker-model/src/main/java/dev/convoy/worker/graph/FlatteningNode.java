package dev.convoy.worker.graph;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;

/** All values of an image as a vector, in the order channel, row, column. */
public record FlatteningNode(String name, List<String> inputs) implements Node {

  static void read(Reading reading, PreprocessorVertex vertex) throws UnsupportedNetworkException {
    reading.require(
        vertex.getPreProcessor() instanceof CnnToFeedForwardPreProcessor,
        "has a preprocessor of its own");
    reading.add(new FlatteningNode(reading.name(), reading.inputs()));
  }

  @Override
  public FlatteningNode reading(List<String> others) {
    return new FlatteningNode(name, others);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return Shape.vector(arguments.get(0).values());
  }
}
