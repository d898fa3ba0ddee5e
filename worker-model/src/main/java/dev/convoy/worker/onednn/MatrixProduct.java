package dev.convoy.worker.onednn;

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
  private final Map<Integer, Tensor> arguments;
  private final Way product;
  private final Way sum;

  /** A primitive and what it was made of. */
  private record Way(matmul primitive, matmul.primitive_desc description) {
    static Way of(matmul.primitive_desc description) {
      return new Way(new matmul(description), description);
    }
  }

  /**
   * @param first axes [rows, inner]
   * @param second axes [inner, columns]
   * @param result axes [rows, columns]
   */
  MatrixProduct(Plan plan, Tensor first, Tensor second, Tensor result) {
    this.plan = plan;
    arguments =
        Map.of(
            dnnl.DNNL_ARG_SRC, first,
            dnnl.DNNL_ARG_WEIGHTS, second,
            dnnl.DNNL_ARG_DST, result);
    product = Way.of(description(first, second, result, new post_ops()));
    post_ops afterwards = new post_ops();
    afterwards.append_sum();
    sum = Way.of(description(first, second, result, afterwards));
  }

  private static matmul.primitive_desc description(
      Tensor first, Tensor second, Tensor result, post_ops afterwards) {
    return new matmul.primitive_desc(
        new matmul.desc(first.layout(), second.layout(), result.layout()),
        OneDnn.attributes(afterwards),
        OneDnn.cpu());
  }

  /** Adds the step that computes it, and writes it or adds it to what is there. */
  void add(boolean isSum) {
    Way way = isSum ? sum : product;
    plan.add(way.primitive(), way.description(), arguments);
  }
}
