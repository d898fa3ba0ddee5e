package dev.convoy.worker.onednn;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.javacpp.LongPointer;

/**
 * Chooses among the ways in which oneDNN can compute the same thing. The choice depends on names
 * alone, never on timing, so that it is the same in every run.
 */
final class Implementations {
  private static final int MOSTLY_PADDING = 4;

  /** Beyond it, what is computed for padding costs more than channels side by side do. */
  private static final double MUCH_PADDING = 1.25;

  private Implementations() {}

  /**
   * The fastest of some descriptions: generated code before the same with much padding, before
   * matrix products, before what computes mostly padding, before plain loops; and the earlier
   * before the later.
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

  /**
   * The same description by loops over the images where oneDNN would have many small products of
   * matrices first: with few channels these take longer.
   */
  static <D extends primitive_desc> D withoutSmallProducts(D description) {
    while (nameOf(description).startsWith("brgconv") && description.next_impl()) {
      // The next one is looked at.
    }
    return description;
  }

  /**
   * The same description, if it is by code for AVX-512: with AVX2 oneDNN 2.7 comes to other bits
   * each time for layouts without whole blocks of channels.
   *
   * @throws IllegalStateException if it is not
   */
  static <D extends primitive_desc> D withAvx512(D description) {
    if (!nameOf(description).contains("avx512")) {
      throw new IllegalStateException(nameOf(description) + " is not taken");
    }
    return description;
  }

  private static String nameOf(primitive_desc_base description) {
    return description.impl_info_str().getString();
  }

  private static int slowness(primitive_desc_base description) {
    String name = nameOf(description);
    if (name.startsWith("ref") || name.startsWith("simple")) {
      return 4;
    }
    memory.desc images = description.src_desc();
    memory.desc imagesGradient = description.diff_src_desc();
    if (padding(images, imagesGradient) > MOSTLY_PADDING) {
      return 3;
    }
    if (name.contains("gemm")) {
      return 2;
    }
    return padding(images, imagesGradient, description.dst_desc(), description.diff_dst_desc())
            > MUCH_PADDING
        ? 1
        : 0;
  }

  /**
   * How many times as many values layouts have with what fills up channels to whole blocks, all of
   * which is computed; those that are not there count nothing.
   */
  private static double padding(memory.desc... layouts) {
    long values = 0;
    long padded = 0;
    for (memory.desc layout : layouts) {
      var data = layout.data();
      if (data.ndims() > 0) {
        values += product(data.dims(), data.ndims());
        padded += product(data.padded_dims(), data.ndims());
      }
    }
    return values == 0 ? 1 : (double) padded / values;
  }

  private static long product(LongPointer extents, int axes) {
    long product = 1;
    for (int axis = 0; axis < axes; axis++) {
      product *= extents.get(axis);
    }
    return product;
  }
}
