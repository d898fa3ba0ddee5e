package dev.convoy.worker.onednn;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;

/**
 * Chooses among the ways in which oneDNN can compute the same thing. The choice depends on names
 * alone, never on timing, so that it is the same in every run.
 */
final class Implementations {
  private static final int MOST_PADDING = 4;

  private Implementations() {}

  /**
   * The fastest of some descriptions: generated code before matrix products, before what computes
   * mostly padding, before plain loops; and the earlier before the later.
   *
   * @param candidates each gives a description or throws if oneDNN has none for its layouts
   */
  static <D extends primitive_desc_base> D fastest(List<Supplier<D>> candidates) {
    D best = null;
    RuntimeException failure = null;
    for (Supplier<D> candidate : candidates) {
      try {
        D description = candidate.get();
        if (best == null || slowness(description) < slowness(best)) {
          best = description;
        }
      } catch (RuntimeException e) { // what JavaCPP makes of every C++ exception
        failure = e;
      }
      if (best != null && slowness(best) == 0) {
        return best;
      }
    }
    if (best == null) {
      throw new IllegalStateException("oneDNN offers no implementation", failure);
    }
    return best;
  }

  private static int slowness(primitive_desc_base description) {
    String name = description.impl_info_str().getString();
    if (name.startsWith("ref") || name.startsWith("simple")) {
      return 3;
    }
    if (isMostlyPadding(description.src_desc()) || isMostlyPadding(description.diff_src_desc())) {
      return 2;
    }
    return name.contains("gemm") ? 1 : 0;
  }

  /** Whether a layout fills up a few channels to a whole block, and all of it is computed. */
  private static boolean isMostlyPadding(memory.desc layout) {
    var data = layout.data();
    long values = 1;
    long padded = 1;
    for (int axis = 0; axis < data.ndims(); axis++) {
      values *= data.dims().get(axis);
      padded *= data.padded_dims().get(axis);
    }
    return padded > MOST_PADDING * values;
  }
}
