package dev.convoy.worker.graph;

import java.util.List;

/**
 * Dropout in training, and in inference where answers are sampled.
 *
 * @param number of the node in its network; no two masks of a step are the same
 */
public record DropoutNode(String name, List<String> inputs, KeyedDropout dropout, int number)
    implements Node {

  @Override
  public DropoutNode reading(List<String> others) {
    return new DropoutNode(name, others, dropout, number);
  }

  DropoutNode numbered(int other) {
    return new DropoutNode(name, inputs, dropout, other);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return arguments.get(0);
  }
}
