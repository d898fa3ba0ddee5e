package dev.convoy.worker.accelerator.compiled;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/**
 * What is done with one batch, step after step, and the native memory that it is done in. Built
 * once for a batch size, run often; nothing is allocated while it runs.
 *
 * <p>Memory is given out while the plan is built: a buffer that was released serves a later step.
 */
final class Plan implements AutoCloseable {
  private final int batchSize;
  private final boolean training;
  private final ParameterMemory parameters;
  private final stream queue = new stream(OneDnn.cpu());
  private final List<Runnable> steps = new ArrayList<>();
  private final List<FloatPointer> allocated = new ArrayList<>();
  private final NavigableMap<Long, Deque<Buffer>> free = new TreeMap<>();
  private final List<IntMemoryMap> scratchpadUsers = new ArrayList<>();
  private final List<memory.desc> scratchpadLayouts = new ArrayList<>();
  private long[] dropoutKeys = {0};

  Plan(int batchSize, boolean training, ParameterMemory parameters) {
    this.batchSize = batchSize;
    this.training = training;
    this.parameters = parameters;
  }

  int batchSize() {
    return batchSize;
  }

  /** Whether the network learns from the batch; else it only answers. */
  boolean isTraining() {
    return training;
  }

  ParameterMemory parameters() {
    return parameters;
  }

  /**
   * What the dropout masks of the next run are drawn from.
   *
   * @param keys one for the whole batch, or one for each of its examples; kept, not copied
   */
  void setDropoutKeys(long... keys) {
    dropoutKeys = keys;
  }

  /** What the dropout masks of this run are drawn from, as it was set. */
  long[] dropoutKeys() {
    return dropoutKeys;
  }

  /** Adds a step in Java. */
  void add(Runnable step) {
    steps.add(step);
  }

  /**
   * Adds a primitive.
   *
   * @param description what the step was made of
   * @param tensors by oneDNN's argument number
   */
  void add(primitive step, primitive_desc_base description, Map<Integer, Tensor> tensors) {
    IntMemoryMap arguments = new IntMemoryMap();
    tensors.forEach((argument, tensor) -> arguments.put(argument, tensor.handle()));
    memory.desc scratchpad = description.scratchpad_desc();
    if (scratchpad.get_size() > 0) {
      scratchpadUsers.add(arguments);
      scratchpadLayouts.add(scratchpad);
    }
    steps.add(() -> step.execute(queue, arguments));
  }

  /** A tensor of its own, held once. */
  Tensor allocate(memory.desc layout) {
    Buffer buffer = buffer(Math.max(Float.BYTES, layout.get_size()));
    buffer.hold();
    return Tensor.of(layout, buffer);
  }

  private Buffer buffer(long bytes) {
    // The smallest that is large enough, unless it is far too large.
    Map.Entry<Long, Deque<Buffer>> fitting = free.ceilingEntry(bytes);
    if (fitting != null && fitting.getKey() <= 2 * bytes) {
      Buffer buffer = fitting.getValue().pop();
      if (fitting.getValue().isEmpty()) {
        free.remove(fitting.getKey());
      }
      return buffer;
    }
    return new Buffer(memory((bytes + Float.BYTES - 1) / Float.BYTES));
  }

  private FloatPointer memory(long floats) {
    FloatPointer values = new FloatPointer(floats).fill(0);
    allocated.add(values);
    return values;
  }

  /** Says that one of a tensor's holders needs it no longer. */
  void release(Tensor tensor) {
    Buffer buffer = tensor.buffer();
    if (buffer.release()) {
      long bytes = buffer.values().limit() * Float.BYTES;
      free.computeIfAbsent(bytes, size -> new ArrayDeque<>()).push(buffer);
    }
  }

  /**
   * A tensor's values in a given layout: itself, held once more, or a copy that is made each time
   * the plan runs.
   */
  Tensor inLayout(Tensor tensor, memory.desc layout) {
    if (tensor.layout().equals(layout)) {
      tensor.buffer().hold();
      return tensor;
    }
    Tensor copy = allocate(layout);
    copy(tensor, copy);
    return copy;
  }

  /** Copies values from one layout to another. */
  void copy(Tensor from, Tensor to) {
    var description =
        new reorder.primitive_desc(
            OneDnn.cpu(), from.layout(), OneDnn.cpu(), to.layout(), OneDnn.attributes(), false);
    add(
        new reorder(description),
        description,
        Map.of(dnnl.DNNL_ARG_FROM, from, dnnl.DNNL_ARG_TO, to));
  }

  /** Adds the second tensor to the first one, which has the same layout. */
  void accumulate(Tensor sum, Tensor summand) {
    combine(dnnl.dnnl_binary_add, sum, summand, sum, Activation.NONE);
  }

  /** The sum of two tensors of the same layout, held once. */
  Tensor sum(Tensor first, Tensor second) {
    Tensor sum = allocate(first.layout());
    combine(dnnl.dnnl_binary_add, first, second, sum, Activation.NONE);
    return sum;
  }

  /** Combines two tensors of equal dimensions and applies a function to the result. */
  void combine(int algorithm, Tensor first, Tensor second, Tensor result, Activation activation) {
    var description =
        new binary.primitive_desc(
            new binary.desc(algorithm, first.layout(), second.layout(), result.layout()),
            activation.attributes(),
            OneDnn.cpu());
    add(
        new binary(description),
        description,
        Map.of(
            dnnl.DNNL_ARG_SRC_0, first,
            dnnl.DNNL_ARG_SRC_1, second,
            dnnl.DNNL_ARG_DST, result));
  }

  /** Ends building. */
  void finish() {
    long bytes = scratchpadLayouts.stream().mapToLong(memory.desc::get_size).max().orElse(0);
    FloatPointer scratchpad = memory((bytes + Float.BYTES - 1) / Float.BYTES);
    for (int i = 0; i < scratchpadUsers.size(); i++) {
      scratchpadUsers
          .get(i)
          .put(
              dnnl.DNNL_ARG_SCRATCHPAD,
              new memory(scratchpadLayouts.get(i), OneDnn.cpu(), scratchpad));
    }
    free.clear();
  }

  /** Runs all steps once. */
  void run() {
    for (Runnable step : steps) {
      step.run();
    }
    queue._wait();
  }

  @Override
  public void close() {
    steps.clear();
    allocated.forEach(FloatPointer::deallocate);
    allocated.clear();
    queue.deallocate();
  }
}
