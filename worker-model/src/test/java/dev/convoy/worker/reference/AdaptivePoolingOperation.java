package dev.convoy.worker.reference;

import dev.convoy.worker.graph.AdaptivePoolingNode;

/** The largest value or the mean of windows of several sizes. */
record AdaptivePoolingOperation(AdaptivePoolingNode node) implements WindowedOperation {
  @Override
  public boolean isMaximum() {
    return node.isMaximum();
  }

  @Override
  public void walk(Values input, Windows.Visitor visitor) {
    int window = 0;
    for (long row = 0; row < node.rows().count(); row++) {
      for (long column = 0; column < node.columns().count(); column++) {
        int element = 0;
        for (long y = node.rows().from(row); y < node.rows().to(row); y++) {
          for (long x = node.columns().from(column); x < node.columns().to(column); x++) {
            visitor.visit(window, (int) (y * node.columns().pixels() + x), element++);
          }
        }
        window++;
      }
    }
  }
}
