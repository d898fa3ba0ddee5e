package dev.convoy.worker.cuda;

import dev.convoy.worker.arena.Arrangement;
import dev.convoy.worker.arena.Storage;
import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.graph.Activation;
import dev.convoy.worker.graph.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with one batch, step after step, in memory of the device that a network's plans use
 * in turn. Built once for a batch size, run often; nothing is allocated while it runs.
 *
 * <p>Steps queue work. In the first run they do that one by one, which loads whatever the libraries
 * load late; in the second they are captured, and from then on replayed as long as the memory stays
 * where it is. Steps of the host in between wait for all work in front of them.
 */
final class CudaPlan implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CudaPlan.class);

  private final Device device;
  private final NetworkVectors network;
  private final int batchSize;
  private final boolean training;
  private final Precision precision;
  private final Set<String> answers;
  private final Address keys;
  private final int keyCount;
  private final List<Step> steps = new ArrayList<>();
  private final List<DeviceTensor> kept = new ArrayList<>();
  private final List<Overwriting> overwritings = new ArrayList<>();
  private final List<AutoCloseable> owned = new ArrayList<>();
  private final List<Runnable> groups = new ArrayList<>();
  private final List<CapturedWork> graphs = new ArrayList<>();
  private PlanMemory memory;
  private boolean hasRun;
  private long capturedAt;

  /** Work that is queued, or is done by the host, and the tensors that it reads or writes. */
  private record Step(Runnable action, boolean isOfHost, List<DeviceTensor> touched) {}

  private record Overwriting(DeviceTensor result, DeviceTensor argument) {}

  /**
   * An empty plan.
   *
   * @param training whether the network learns from the batch; else it only answers
   * @param answers names of values that are to be float32, since losses and answers are made of
   *     them
   * @param keys where the keys of dropout masks are
   * @param keyCount how many: one for the whole batch, or one for each part of equal size
   */
  CudaPlan(
      Device device,
      NetworkVectors network,
      int batchSize,
      boolean training,
      Precision precision,
      Set<String> answers,
      Address keys,
      int keyCount) {
    this.device = device;
    this.network = network;
    this.batchSize = batchSize;
    this.training = training;
    this.precision = precision;
    this.answers = Set.copyOf(answers);
    this.keys = keys;
    this.keyCount = keyCount;
  }

  Device device() {
    return device;
  }

  NetworkVectors network() {
    return network;
  }

  int batchSize() {
    return batchSize;
  }

  boolean isTraining() {
    return training;
  }

  Precision precision() {
    return precision;
  }

  /** Of values; parameters and statistics are float32. */
  ValueFormat type() {
    return precision == Precision.BFLOAT16 ? ValueFormat.BFLOAT16 : ValueFormat.FLOAT32;
  }

  /** Whether a value is one that losses and answers are made of. */
  boolean isAnswer(String name) {
    return answers.contains(name);
  }

  Address keys() {
    return keys;
  }

  int keyCount() {
    return keyCount;
  }

  /** A tensor of the batch in the plan's type. */
  DeviceTensor allocate(Shape shape) {
    return allocate(shape, type());
  }

  DeviceTensor allocate(Shape shape, ValueFormat type) {
    return DeviceTensor.of(batchSize, shape, type);
  }

  /** So many numbers in float32, whatever they are. */
  DeviceTensor floats(long count) {
    return DeviceTensor.of(1, Shape.vector(count), ValueFormat.FLOAT32);
  }

  /** The same tensor, which is read or written outside of the steps, and is alive all the time. */
  DeviceTensor keep(DeviceTensor tensor) {
    kept.add(tensor);
    return tensor;
  }

  /** Gives something back when the plan is closed. */
  <T extends AutoCloseable> T own(T resource) {
    owned.add(resource);
    return resource;
  }

  /**
   * Adds a step that queues work.
   *
   * @param touched what it reads or writes: tensors of the plan among them are alive then
   */
  void add(Runnable step, Address... touched) {
    steps.add(new Step(step, false, tensors(touched)));
  }

  private static List<DeviceTensor> tensors(Object[] arguments) {
    return Arrays.stream(arguments)
        .filter(DeviceTensor.class::isInstance)
        .map(DeviceTensor.class::cast)
        .toList();
  }

  /** Adds a step of the host, which waits for the work before it. */
  void addOfHost(Runnable step, DeviceTensor... touched) {
    steps.add(new Step(step, true, List.of(touched)));
  }

  /**
   * Adds a step that runs a kernel.
   *
   * @param arguments numbers, addresses and tensors
   */
  void launch(String kernel, Grid grid, Object... arguments) {
    steps.add(new Step(() -> device.launch(kernel, grid, arguments), false, tensors(arguments)));
  }

  /** The same with the kernel for a type of values. */
  void launch(String kernel, ValueFormat type, Grid grid, Object... arguments) {
    launch(kernel + "_" + type.suffix(), grid, arguments);
  }

  /** The second tensor may lie where the first one does, if that is not needed any more. */
  void mayOverwrite(DeviceTensor argument, DeviceTensor result) {
    overwritings.add(new Overwriting(result, argument));
  }

  /** The values in a type: the tensor itself, or a copy. */
  DeviceTensor inType(DeviceTensor tensor, ValueFormat type) {
    if (tensor.type() == type) {
      return tensor;
    }
    DeviceTensor copy = DeviceTensor.of(tensor.images(), tensor.shape(), type);
    String kernel = type == ValueFormat.BFLOAT16 ? "to_bf16" : "to_f32";
    launch(kernel, Grid.of(tensor.size()), tensor, copy, tensor.size());
    return copy;
  }

  /** The sum of two tensors of the same extent and type. */
  DeviceTensor sum(DeviceTensor first, DeviceTensor second) {
    DeviceTensor sum = DeviceTensor.of(first.images(), first.shape(), first.type());
    mayOverwrite(first, sum);
    mayOverwrite(second, sum);
    Functions.add(this, Activation.NONE, first, second, sum);
    return sum;
  }

  /** Takes gradients of values while the backward steps are added. */
  Gradients<DeviceTensor> gradients(Set<String> unwanted) {
    return new Gradients<>(
        unwanted, (value, known, more) -> sum(known, inType(more, known.type())));
  }

  /** Ends building: every tensor gets its place, which has no memory yet. */
  void arrange(DeviceArena arena) {
    int number = 0;
    for (Step step : steps) {
      for (DeviceTensor tensor : step.touched()) {
        tensor.storage().touch(number);
      }
      number++;
    }
    for (DeviceTensor tensor : kept) {
      tensor.storage().touch(0);
      tensor.storage().touch(number);
    }
    overwritings.forEach(one -> one.result().storage().overwriteIfUnused(one.argument().storage()));
    List<Storage<PlanMemory>> touched = new ArrayList<>();
    kept.forEach(tensor -> touched.add(tensor.storage()));
    steps.forEach(step -> step.touched().forEach(tensor -> touched.add(tensor.storage())));
    memory =
        Arrangement.place(touched, DeviceMemory.ALIGNMENT, bytes -> new PlanMemory(arena, bytes));
  }

  /** Bytes of the device's memory that the plan takes, once it is arranged. */
  long bytes() {
    return memory.bytes();
  }

  /**
   * Queues all steps once, in their order; the last work need not be done.
   *
   * @throws DeviceMemoryException if the libraries find no memory for themselves
   */
  void run() {
    try {
      if (!hasRun) {
        device.outsideCaptures(() -> inGroups(work -> work).forEach(Runnable::run));
        hasRun = true;
        return;
      }
      if (memory.address() != capturedAt) {
        forget();
        capture();
        capturedAt = memory.address();
      }
      groups.forEach(Runnable::run);
    } catch (CudaException e) {
      throw e.isOutOfMemory() ? new DeviceMemoryException(e) : e;
    }
  }

  /** What cannot be captured is queued step by step as in the first run. */
  private void capture() {
    try {
      groups.addAll(inGroups(this::captured));
    } catch (CudaException e) {
      if (e.isFinal()) {
        throw e;
      }
      LOG.warn(
          "Queueing every step of a batch by itself, which is slower for small networks: {}",
          e.getMessage());
      forget();
      groups.addAll(inGroups(work -> work));
    }
  }

  private Runnable captured(Runnable work) {
    CapturedWork graph = device.capture(work);
    graphs.add(graph);
    return graph::queue;
  }

  private void forget() {
    groups.clear();
    graphs.forEach(CapturedWork::close);
    graphs.clear();
  }

  /** Work between steps of the host, each as one; these after waiting. */
  private List<Runnable> inGroups(UnaryOperator<Runnable> queued) {
    List<Runnable> all = new ArrayList<>();
    List<Runnable> group = new ArrayList<>();
    for (Step step : steps) {
      if (step.isOfHost()) {
        finish(group, queued, all);
        all.add(
            () -> {
              device.synchronize();
              step.action().run();
            });
      } else {
        group.add(step.action());
      }
    }
    finish(group, queued, all);
    return all;
  }

  private static void finish(
      List<Runnable> group, UnaryOperator<Runnable> queued, List<Runnable> all) {
    if (!group.isEmpty()) {
      List<Runnable> work = List.copyOf(group);
      all.add(queued.apply(() -> work.forEach(Runnable::run)));
      group.clear();
    }
  }

  @Override
  public void close() {
    device.settle();
    forget();
    for (AutoCloseable resource : owned) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("Cannot give back what a plan holds", e);
      }
    }
  }
}
