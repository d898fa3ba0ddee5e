package dev.convoy.worker.graph;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.MergeVertex;

/**
 * The channels of several images of equal height and width, one image's after the other's; or
 * several vectors, one after the other.
 */
public record ConcatenationNode(String name, List<String> inputs) implements Node {

  static void read(Reading reading, MergeVertex vertex) throws UnsupportedNetworkException {
    reading.require(vertex.getMergeAxis() == MergeVertex.DEFAULT_MERGE_DIM, "joins other axes");
    for (String input : reading.inputs()) {
      boolean isVector = reading.shapes().get(input).isVector();
      reading.require(isVector == reading.shape().isVector(), "joins an image and a vector");
    }
    reading.add(new ConcatenationNode(reading.name(), reading.inputs()));
  }

  @Override
  public ConcatenationNode reading(List<String> others) {
    return new ConcatenationNode(name, others);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    Shape first = arguments.get(0);
    long channels = arguments.stream().mapToLong(Shape::channels).sum();
    return new Shape(channels, first.height(), first.width(), first.isVector());
  }
}
