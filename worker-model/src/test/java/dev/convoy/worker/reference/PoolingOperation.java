package dev.convoy.worker.reference;

import dev.convoy.worker.graph.PoolingNode;
import java.util.Arrays;

/** The largest value or the mean of each window. */
record PoolingOperation(PoolingNode node) implements WindowedOperation {
  @Override
  public boolean isMaximum() {
    return node.isMaximum();
  }

  @Override
  public void walk(Values input, Windows.Visitor visitor) {
    Windows.walk(node.window(), input.height(), input.width(), visitor);
  }

  @Override
  public double[] counts(Values input, int windows) {
    if (node.kind() != PoolingNode.Kind.MEAN_WITH_PADDING) {
      return WindowedOperation.super.counts(input, windows);
    }
    double[] counts = new double[windows];
    Arrays.fill(counts, (double) (node.window().kernel()[0] * node.window().kernel()[1]));
    return counts;
  }
}
