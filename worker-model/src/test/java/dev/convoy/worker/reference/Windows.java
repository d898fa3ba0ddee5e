package dev.convoy.worker.reference;

import dev.convoy.worker.graph.Window;

/** Walks over the pixels that a window sees. */
final class Windows {
  private Windows() {}

  /** Is told of a pair of a result's and an image's pixel, and the kernel's element between. */
  interface Visitor {
    void visit(int result, int pixel, int element);
  }

  /** Goes through all pairs of one plane; padding is left out. */
  static void walk(Window window, int height, int width, Visitor visitor) {
    int rows = Math.toIntExact(window.output()[0]);
    int columns = Math.toIntExact(window.output()[1]);
    for (int result = 0; result < rows * columns; result++) {
      for (int i = 0; i < window.kernel()[0]; i++) {
        long y =
            result / columns * window.stride()[0] - window.before()[0] + i * window.dilation()[0];
        for (int j = 0; j < window.kernel()[1]; j++) {
          long x =
              result % columns * window.stride()[1] - window.before()[1] + j * window.dilation()[1];
          if (y >= 0 && y < height && x >= 0 && x < width) {
            visitor.visit(
                result, (int) (y * width + x), Math.toIntExact(i * window.kernel()[1] + j));
          }
        }
      }
    }
  }
}
