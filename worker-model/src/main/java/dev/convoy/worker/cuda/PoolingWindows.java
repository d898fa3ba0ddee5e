package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.AdaptivePoolingNode;
import dev.convoy.worker.graph.PoolingNode;
import dev.convoy.worker.graph.Shape;
import dev.convoy.worker.graph.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Windows over images, as kernels are told of them.
 *
 * @param kind what is taken of a window
 * @param numbers the kernel's description
 */
record PoolingWindows(PoolingNode.Kind kind, List<Integer> numbers) {

  /** All of one size. */
  static PoolingWindows of(PoolingNode node, Shape image) {
    Window window = node.window();
    return new PoolingWindows(
        node.kind(),
        numbers(
            image,
            window.output()[0],
            window.output()[1],
            window.kernel()[0],
            window.kernel()[1],
            window.stride()[0],
            window.stride()[1],
            window.before()[0],
            window.before()[1],
            0));
  }

  /** Of several sizes. */
  static PoolingWindows of(AdaptivePoolingNode node, Shape image) {
    return new PoolingWindows(
        node.kind(),
        numbers(image, node.rows().count(), node.columns().count(), 1, 1, 1, 1, 0, 0, 1));
  }

  private static List<Integer> numbers(Shape image, long... others) {
    List<Integer> numbers =
        new ArrayList<>(List.of((int) image.channels(), (int) image.height(), (int) image.width()));
    for (long other : others) {
      numbers.add(Math.toIntExact(other));
    }
    return List.copyOf(numbers);
  }

  /** Whether the largest value is taken. */
  boolean isMaximum() {
    return kind == PoolingNode.Kind.MAXIMUM;
  }

  /** 1 if a mean counts padding as zeros, else 0. */
  int withPadding() {
    return kind == PoolingNode.Kind.MEAN_WITH_PADDING ? 1 : 0;
  }

  /** Some arguments with the windows behind them. */
  Object[] behind(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(numbers);
    return all.toArray();
  }
}
