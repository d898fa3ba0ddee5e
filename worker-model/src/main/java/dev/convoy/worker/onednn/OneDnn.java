package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.Shape;
import dev.convoy.worker.graph.Window;
import dev.convoy.worker.natives.NativeLibraries;
import java.util.Optional;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;

/** The oneDNN library: whether it is here, and the few objects of it that everybody needs. */
final class OneDnn {
  private static final Optional<String> PROBLEM = load();

  private OneDnn() {}

  private static Optional<String> load() {
    try {
      NativeLibraries.load();
      Loader.load(dnnl.class);
      if (engine.get_count(engine.kind.cpu) == 0) {
        return Optional.of("oneDNN finds no CPU that it knows");
      }
      // Version 2.5.2 takes the process down there; SSE 4.1, AVX2 and what came later do not.
      return dnnl.dnnl_get_effective_cpu_isa() == dnnl.dnnl_cpu_isa_avx
          ? Optional.of("the CPU has AVX but not AVX2")
          : Optional.empty();
    } catch (LinkageError | RuntimeException e) {
      return Optional.of("oneDNN cannot be loaded: " + e.getMessage());
    }
  }

  /** Why oneDNN cannot be used in this process; empty if it can. */
  static Optional<String> problem() {
    return PROBLEM;
  }

  /** The process's CPU; safe to share. */
  static engine cpu() {
    return Cpu.ENGINE;
  }

  /** A layout for oneDNN to choose. */
  static memory.desc anyLayout(long... dimensions) {
    return layout(memory.format_tag.any, dimensions);
  }

  /** The layout of a Java array: the last axis is the densest. */
  static memory.desc plainLayout(long... dimensions) {
    return switch (dimensions.length) {
      case 1 -> layout(memory.format_tag.a, dimensions);
      case 2 -> layout(memory.format_tag.ab, dimensions);
      case 4 -> layout(memory.format_tag.abcd, dimensions);
      default -> throw new IllegalArgumentException("No layout of rank " + dimensions.length);
    };
  }

  /** The plain layout of a batch of images, axes [batch, channels, height, width]. */
  static memory.desc plainLayout(int batchSize, Shape image) {
    return plainLayout(batchSize, image.channels(), image.height(), image.width());
  }

  /** The layout in which neighbours along each axis lie so far apart. */
  static memory.desc stridedLayout(long[] dimensions, long[] strides) {
    return new memory.desc(dimensions, memory.data_type.f32, strides);
  }

  /** The layout of a batch of images in which the channels of a pixel lie side by side. */
  static memory.desc channelsLastLayout(long... dimensions) {
    return layout(memory.format_tag.acdb, dimensions);
  }

  /** The layout in which blocks of 8 or 16 channels of a pixel lie side by side. */
  static memory.desc blockedLayout(long block, long... dimensions) {
    return layout(block == 8 ? memory.format_tag.aBcd8b : memory.format_tag.aBcd16b, dimensions);
  }

  /** The layout that convolutions with AVX2 like for their kernels: blocks of 8 × 8. */
  static memory.desc blockedKernels(long filters, long channels, long height, long width) {
    return layout(memory.format_tag.OIhw8i8o, filters, channels, height, width);
  }

  /** How many channels primitives like to have side by side on this machine. */
  static long preferredBlock() {
    return hasAvx512() ? 16 : 8;
  }

  /**
   * The layout of a batch of images that lie below each other, as one tall image.
   *
   * @param tall of the batch as one image
   * @param images in the batch
   */
  static memory.desc separated(memory.desc tall, long images) {
    return partsAlong(2, tall, images, tall.data().dims().get(2) / images);
  }

  /**
   * The layout of a batch of images that lie side by side, as one wide image.
   *
   * @param wide of the batch as one image
   * @param images in the batch, in as many equal parts of the wide one
   * @param width of each, from the beginning of its part
   */
  static memory.desc sideBySide(memory.desc wide, long images, long width) {
    return partsAlong(3, wide, images, width);
  }

  private static memory.desc partsAlong(int axis, memory.desc whole, long images, long extent) {
    memory.desc batch = new memory.desc(whole.data());
    var data = batch.data();
    long part = data.dims().get(axis) / images;
    LongPointer strides = data.format_desc_blocking().strides();
    data.dims().put(0, images).put(axis, extent);
    data.padded_dims().put(0, images).put(axis, extent);
    strides.put(0, part * strides.get(axis));
    return batch;
  }

  /**
   * The layout itself, or the preferred one if it keeps another number of channels together, as
   * convolutions of narrow groups do: normalisations and functions go through plain loops there,
   * and sums of version 2.5 write beyond blocks that are shorter than a register.
   */
  static memory.desc usualLayout(memory.desc layout) {
    if (isOneBlock(layout)) {
      return blockedLayout(preferredBlock(), dimensions(layout));
    }
    var blocks = layout.data().format_desc_blocking();
    boolean unusual =
        layout.data().ndims() == 4
            && blocks.inner_nblks() > 0
            && blocks.inner_blks().get(0) != preferredBlock();
    return unusual
        ? ofType(layout.data().data_type(), blockedLayout(preferredBlock(), dimensions(layout)))
        : layout;
  }

  /**
   * Whether a batch of images in single precision has as many channels as the preferred block, side
   * by side or as a block, which are two names of the same order.
   */
  static boolean isOneBlock(memory.desc layout) {
    var data = layout.data();
    long block = preferredBlock();
    if (data.ndims() != 4 || data.data_type() != dnnl.dnnl_f32 || data.dims().get(1) != block) {
      return false;
    }
    var blocks = data.format_desc_blocking();
    LongPointer strides = blocks.strides();
    long row = data.dims().get(3) * block;
    boolean pixelsInOrder =
        data.format_kind() == dnnl.dnnl_blocked
            && strides.get(3) == block
            && strides.get(2) == row
            && strides.get(0) == data.dims().get(2) * row;
    return pixelsInOrder
        && (blocks.inner_nblks() == 0
            ? strides.get(1) == 1
            : blocks.inner_nblks() == 1 && blocks.inner_blks().get(0) == block);
  }

  /** How many channels a layout made by {@link #blockedLayout} keeps together; 1 for others. */
  static long channelBlock(memory.desc layout) {
    int type = layout.data().data_type();
    for (long block : new long[] {8, 16}) {
      if (layout.equals(ofType(type, blockedLayout(block, dimensions(layout))))) {
        return block;
      }
    }
    return 1;
  }

  /** The same layout of values of another type, one of oneDNN's numbers. */
  static memory.desc ofType(int type, memory.desc layout) {
    if (layout.data().data_type() == type) {
      return layout;
    }
    memory.desc typed = new memory.desc(layout.data());
    typed.data().data_type(type);
    return typed;
  }

  /** Whether this machine has vectors of 8 values, and no longer ones. */
  static boolean hasAvx2Alone() {
    return hasAvx2() && !hasAvx512();
  }

  /** Whether this machine has vectors of 8 values, or more. */
  static boolean hasAvx2() {
    return hasInstructions(dnnl.dnnl_cpu_isa_avx2);
  }

  /** Whether it has vectors of 16 values. */
  static boolean hasAvx512() {
    return hasInstructions(dnnl.dnnl_cpu_isa_avx512_core);
  }

  /** Whether this machine multiplies values of half the size. */
  static boolean hasBfloat16() {
    return hasInstructions(dnnl.dnnl_cpu_isa_avx512_core_bf16);
  }

  /** Whether it multiplies whole matrices of them (AMX). */
  static boolean hasMatrices() {
    return hasInstructions(dnnl.dnnl_cpu_isa_avx512_core_amx);
  }

  private static boolean hasInstructions(int set) {
    return (dnnl.dnnl_get_effective_cpu_isa() & set) == set;
  }

  private static memory.desc layout(memory.format_tag tag, long... dimensions) {
    return new memory.desc(dimensions, memory.data_type.f32, tag);
  }

  /** A layout's dimensions, without any padding. */
  static long[] dimensions(memory.desc layout) {
    var data = layout.data();
    long[] dimensions = new long[data.ndims()];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = data.dims().get(i);
    }
    return dimensions;
  }

  /** Dilation as oneDNN counts it: 0 for none. */
  static long[] gaps(Window window) {
    return new long[] {window.dilation()[0] - 1, window.dilation()[1] - 1};
  }

  /** Attributes of a primitive whose scratchpad the plan provides. */
  static primitive_attr attributes() {
    primitive_attr attributes = new primitive_attr();
    attributes.set_scratchpad_mode(dnnl.dnnl_scratchpad_mode_user);
    return attributes;
  }

  /** The same, and what is to be done to the result before it is written. */
  static primitive_attr attributes(post_ops afterwards) {
    primitive_attr attributes = attributes();
    attributes.set_post_ops(afterwards);
    return attributes;
  }

  /** Created when first needed, after the library was loaded. */
  private static final class Cpu {
    static final engine ENGINE = new engine(engine.kind.cpu, 0);
  }
}
