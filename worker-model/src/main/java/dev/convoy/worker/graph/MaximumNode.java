package dev.convoy.worker.graph;

import java.util.List;

/**
 * The largest of values of equal extent, place by place: behind layers without function, maxout
 * (Goodfellow, Warde-Farley, Mirza, Courville and Bengio 2013). Its gradient goes to the first of
 * the largest.
 */
public record MaximumNode(String name, List<String> inputs) implements Node {
  @Override
  public MaximumNode reading(List<String> others) {
    return new MaximumNode(name, others);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return arguments.get(0);
  }
}
