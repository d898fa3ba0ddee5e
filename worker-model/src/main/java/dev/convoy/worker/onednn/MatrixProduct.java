package dev.convoy.worker.onednn;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.post_ops;

/**
 * The product of two matrices, or of as many pairs as the first axis of three has, for a plan to
 * compute as often as it likes.
 */
final class MatrixProduct {
  private final Plan plan;
  private final Tensor first;
  private final Tensor second;
  private final Tensor result;
  private final Map<Boolean, Way> ways = new HashMap<>();

  /** A primitive and what it was made of. */
  private record Way(matmul primitive, matmul.primitive_desc description) {}

  /**
   * @param first axes [rows, inner]
   * @param second axes [inner, columns]
   * @param result axes [rows, columns]
   */
  MatrixProduct(Plan plan, Tensor first, Tensor second, Tensor result) {
    this.plan = plan;
    this.first = first;
    this.second = second;
    this.result = result;
  }

  private Way way(boolean isSum) {
    post_ops afterwards = new post_ops();
    if (isSum) {
      afterwards.append_sum();
    }
    var description =
        new matmul.primitive_desc(
            new matmul.desc(first.layout(), second.layout(), result.layout()),
            OneDnn.attributes(afterwards),
            OneDnn.cpu());
    return new Way(new matmul(description), description);
  }

  /** Adds the step that computes it, and writes it or adds it to what is there. */
  void add(boolean isSum) {
    Way way = ways.computeIfAbsent(isSum, this::way);
    plan.add(
        way.primitive(),
        way.description(),
        Map.of(
            dnnl.DNNL_ARG_SRC, first,
            dnnl.DNNL_ARG_WEIGHTS, second,
            dnnl.DNNL_ARG_DST, result));
  }
}
