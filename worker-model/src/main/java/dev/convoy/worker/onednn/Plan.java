package dev.convoy.worker.onednn;

import dev.convoy.worker.arena.Arrangement;
import dev.convoy.worker.arena.Storage;
import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.StreamingPropagation.GradientTaker;
import dev.convoy.worker.graph.Activation;
import dev.convoy.worker.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/**
 * What is done with one batch, step after step, and the native memory that it is done in. Built
 * once for a batch size, run often; nothing is allocated while it runs.
 *
 * <p>Tensors have no place while the plan is built. When it is complete, each is alive from the
 * first step that touches it to the last one, and those that are never alive at the same time share
 * memory.
 */
final class Plan implements AutoCloseable {
  private final int batchSize;
  private final boolean training;
  private final int type;
  private final ParameterMemory parameters;
  private final boolean handsOver;
  private final List<ParameterGradient> parameterGradients = new ArrayList<>();
  private final stream queue = new stream(OneDnn.cpu());
  private final List<Step> preparations = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Overwriting> overwritings = new ArrayList<>();
  private final List<Tensor> given = new ArrayList<>();
  private final List<Tensor> kept = new ArrayList<>();
  private Place place;
  private SharedMemory shared;
  private long[] dropoutKeys = {0};
  private GradientTaker taker;
  private boolean preparing;
  private Set<String> namesInTiles = Set.of();
  private long preparedFor = -1;

  /** One step and what it reads or writes; a copy from a place to itself is left out. */
  private record Step(Runnable action, List<Tensor> touched, Tensor copiedFrom, Tensor copiedTo) {
    boolean isNeeded() {
      return copiedFrom == null
          || copiedFrom.offset() != copiedTo.offset()
          || !copiedFrom.storage().isSameAs(copiedTo.storage());
    }
  }

  private record Overwriting(Tensor result, Tensor argument) {}

  /** Where the gradient of a layer's parameter is until it is handed over. */
  record ParameterGradient(String layer, String parameter, Tensor values) {}

  /** Without any steps; leaves gradients of parameters where the network keeps them. */
  Plan(int batchSize, boolean training, Precision precision, ParameterMemory parameters) {
    this(batchSize, training, precision, parameters, false);
  }

  /**
   * Without any steps.
   *
   * @param handsOver whether gradients of parameters are the plan's own, until they are handed
   *     over; else they are left where the network keeps them
   */
  Plan(
      int batchSize,
      boolean training,
      Precision precision,
      ParameterMemory parameters,
      boolean handsOver) {
    this.handsOver = handsOver;
    this.batchSize = batchSize;
    this.training = training;
    this.type = precision == Precision.BFLOAT16 ? dnnl.dnnl_bf16 : dnnl.dnnl_f32;
    this.parameters = parameters;
  }

  int batchSize() {
    return batchSize;
  }

  /** The layout for values of the plan's precision. */
  memory.desc values(memory.desc layout) {
    return OneDnn.ofType(type, layout);
  }

  /** A tensor in the plan's precision: itself, or a copy. */
  Tensor inPrecision(Tensor tensor) {
    return inLayout(tensor, values(tensor.layout()));
  }

  /** A tensor in single precision: itself, or a copy. */
  Tensor inFloat32(Tensor tensor) {
    return inLayout(tensor, OneDnn.ofType(dnnl.dnnl_f32, tensor.layout()));
  }

  /** Whether values are of half the size. */
  boolean isBfloat16() {
    return type == dnnl.dnnl_bf16;
  }

  /** Whether the network learns from the batch; else it only answers. */
  boolean isTraining() {
    return training;
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

  /** The values of a layer's parameter, where the network keeps them. */
  Tensor parameter(String layer, String parameter, memory.desc layout) {
    return known(Tensor.of(layout, parameters.values(layer, parameter, layout.get_size())));
  }

  /** Whether gradients of parameters are the plan's own until they are handed over. */
  boolean handsOver() {
    return handsOver;
  }

  /** Where the gradient of a layer's parameter is to be left. */
  Tensor parameterGradient(String layer, String parameter, memory.desc layout) {
    if (!handsOver) {
      return known(Tensor.of(layout, parameters.gradient(layer, parameter, layout.get_size())));
    }
    Tensor values = allocate(layout);
    parameterGradients.add(new ParameterGradient(layer, parameter, values));
    return values;
  }

  /** The gradients that are to be handed over and have not been taken from here. */
  List<ParameterGradient> takeParameterGradients() {
    List<ParameterGradient> taken = List.copyOf(parameterGradients);
    parameterGradients.clear();
    return taken;
  }

  /** Adds the step that hands a gradient over, which is lost then. */
  void handOver(ParameterGradient gradient) {
    add(
        () -> taker.take(gradient.layer(), gradient.parameter(), gradient.values().values()),
        gradient.values());
  }

  /** Who is handed the gradients in the next run. */
  void setTaker(GradientTaker taker) {
    this.taker = taker;
  }

  /** A tensor of its own. */
  Tensor allocate(memory.desc layout) {
    return known(Tensor.of(layout, Storage.ofPlan(layout.get_size())));
  }

  /** A tensor of these values, axes [values], which each run writes. */
  Tensor constant(float... values) {
    Tensor tensor = allocate(OneDnn.plainLayout(values.length));
    add(() -> tensor.values().put(values, 0, values.length), tensor);
    return tensor;
  }

  /** The same values, seen with another layout. */
  Tensor seenAs(memory.desc layout, Tensor tensor) {
    return partOf(layout, tensor, 0);
  }

  /** A part of a tensor, which begins so many values behind it. */
  Tensor partOf(memory.desc layout, Tensor whole, long offset) {
    return known(
        Tensor.of(layout, whole.storage(), whole.offset() + offset * whole.bytesOfValue()));
  }

  /** Names the values that are to stay in tiles. */
  void keepInTiles(Set<String> values) {
    namesInTiles = values;
  }

  /** Whether a value is to stay in tiles. */
  boolean keepsInTiles(Node node) {
    return namesInTiles.contains(node.name());
  }

  /**
   * The extent of a batch of images, which may lie below each other as one tall image, or in tiles.
   */
  long[] batchDimensions(Tensor images) {
    long[] dimensions = images.dimensions();
    if (isTall(images.layout())) {
      dimensions[0] = batchSize;
      dimensions[2] /= batchSize;
    } else if (isInTiles(images)) {
      dimensions[0] = batchSize;
      dimensions[2] *= TileGrid.EDGE;
      dimensions[3] *= TileGrid.EDGE;
    }
    return dimensions;
  }

  /** The tiles of a batch of images. */
  TileGrid grid(Tensor images) {
    long[] dimensions = batchDimensions(images);
    return TileGrid.of(batchSize, dimensions[1], dimensions[2], dimensions[3]);
  }

  /** Whether a batch of images is in tiles. */
  boolean isInTiles(Tensor batch) {
    long[] dimensions = batch.dimensions();
    return dimensions.length == 4 && dimensions[0] == (long) TileGrid.PLACES * batchSize;
  }

  /** A batch of images in tiles: itself, or a copy. */
  Tensor inTiles(Tensor batch) {
    return isInTiles(batch) ? batch : inLayout(batch, grid(batch).inTiles());
  }

  /** A batch of images not in tiles: itself, or a copy. */
  Tensor outOfTiles(Tensor batch) {
    return isInTiles(batch) ? inLayout(batch, grid(batch).inBlocks()) : batch;
  }

  private boolean isTall(memory.desc layout) {
    long[] dimensions = OneDnn.dimensions(layout);
    return dimensions.length == 4 && dimensions[0] < batchSize;
  }

  /**
   * A batch of images apart from each other and not in tiles: itself, or a copy if they lie as one
   * tall image or in tiles.
   */
  Tensor images(Tensor batch) {
    return isTall(batch.layout())
        ? inLayout(
            batch,
            batch.ofItsType(OneDnn.blockedLayout(OneDnn.preferredBlock(), batchDimensions(batch))))
        : outOfTiles(batch);
  }

  /** The second one if both batches are one tall image, in tiles, or neither, else a copy of it. */
  Tensor inFormOf(Tensor model, Tensor batch) {
    return isTall(model.layout()) == isTall(batch.layout()) && isInTiles(model) == isInTiles(batch)
        ? batch
        : inLayout(batch, model.layout());
  }

  private Tensor separated(Tensor batch) {
    return isTall(batch.layout())
        ? seenAs(OneDnn.separated(batch.layout(), batchSize), batch)
        : batch;
  }

  /** The same tensor, which is written before the steps run: it is alive from the first one on. */
  Tensor give(Tensor tensor) {
    given.add(tensor);
    return tensor;
  }

  /** The same tensor, which is read or written outside of the steps, and is alive all the time. */
  Tensor keep(Tensor tensor) {
    kept.add(tensor);
    return tensor;
  }

  private Tensor known(Tensor tensor) {
    tensors.add(tensor);
    return tensor;
  }

  /**
   * Adds steps that need nothing but parameters. Where the network only answers, they run when
   * parameters have changed, and what they leave is kept from run to run.
   *
   * @param <T> what the steps leave
   */
  <T> T prepare(Supplier<T> added) {
    boolean before = preparing;
    preparing = !training;
    T result = added.get();
    preparing = before;
    return result;
  }

  /**
   * Adds a step in Java.
   *
   * @param touched every tensor that it reads or writes
   */
  void add(Runnable step, Tensor... touched) {
    add(new Step(step, List.of(touched), null, null));
  }

  /** Runs a primitive within a step in Java, to its end. */
  void execute(primitive step, IntMemoryMap handles) {
    step.execute(queue, handles);
    queue._wait();
  }

  /**
   * Adds a primitive.
   *
   * @param description what the step was made of
   * @param arguments by oneDNN's argument number
   */
  void add(primitive step, primitive_desc_base description, Map<Integer, Tensor> arguments) {
    add(step, description, arguments, null, null);
  }

  private void add(
      primitive step,
      primitive_desc_base description,
      Map<Integer, Tensor> arguments,
      Tensor copiedFrom,
      Tensor copiedTo) {
    Map<Integer, Tensor> all = new HashMap<>(arguments);
    memory.desc scratchpad = description.scratchpad_desc();
    if (scratchpad.get_size() > 0) {
      all.put(dnnl.DNNL_ARG_SCRATCHPAD, allocate(scratchpad));
    }
    IntMemoryMap handles = new IntMemoryMap();
    all.forEach((argument, tensor) -> handles.put(argument, tensor.handle()));
    add(
        new Step(
            () -> step.execute(queue, handles), List.copyOf(all.values()), copiedFrom, copiedTo));
  }

  private void add(Step step) {
    (preparing ? preparations : steps).add(step);
  }

  /**
   * Lets the result of the step that is added next lie where one of its arguments lies, if nobody
   * reads that any more.
   */
  void mayOverwrite(Tensor argument, Tensor result) {
    if (argument.offset() == 0 && result.offset() == 0) {
      overwritings.add(new Overwriting(result, argument));
    }
  }

  /**
   * A tensor's values in a given layout: itself, or a copy that is made each time the plan runs.
   */
  Tensor inLayout(Tensor tensor, memory.desc layout) {
    if (tensor.layout().equals(layout)) {
      return tensor;
    }
    if (haveOneOrder(tensor.layout(), layout)) {
      return seenAs(layout, tensor);
    }
    Tensor copy = allocate(layout);
    copy(tensor, copy);
    return copy;
  }

  /** The tensor in the plan's precision and in a layout that every primitive takes well. */
  Tensor inUsualLayout(Tensor tensor) {
    return inLayout(tensor, values(OneDnn.usualLayout(tensor.layout())));
  }

  /** Fills a tensor with zeros, each time the plan runs. */
  void clear(Tensor tensor) {
    add(() -> Pointer.memset(tensor.place(), 0, tensor.layout().get_size()), tensor);
  }

  /** Whether layouts that are not equal are two names of one order. */
  private static boolean haveOneOrder(memory.desc first, memory.desc second) {
    return !first.equals(second)
        && OneDnn.isOneBlock(first)
        && OneDnn.isOneBlock(second)
        && Arrays.equals(OneDnn.dimensions(first), OneDnn.dimensions(second));
  }

  /** A batch whose examples are rows, in the order channel, row, column: a view or a copy. */
  Tensor rows(Tensor batch) {
    long[] dimensions = batch.dimensions();
    Tensor plain = inLayout(batch, batch.ofItsType(OneDnn.plainLayout(dimensions)));
    return dimensions.length == 2
        ? plain
        : seenAs(
            batch.ofItsType(OneDnn.plainLayout(dimensions[0], batch.size() / dimensions[0])),
            plain);
  }

  /** Copies values from one layout to another. */
  void copy(Tensor from, Tensor to) {
    if (isInTiles(from) != isInTiles(to)) {
      if (isInTiles(to)) {
        copyToTiles(from, to);
      } else {
        copyFromTiles(from, to);
      }
      return;
    }
    if (isTall(from.layout()) != isTall(to.layout())) {
      copy(separated(from), separated(to));
      return;
    }
    if (haveOneOrder(from.layout(), to.layout())) {
      copy(seenAs(to.layout(), from), to);
      return;
    }
    boolean sameLayout = from.layout().equals(to.layout());
    if (sameLayout) {
      mayOverwrite(from, to);
    }
    reorder(from, to, sameLayout ? from : null);
  }

  private void copyToTiles(Tensor images, Tensor tiles) {
    TileGrid grid = grid(tiles);
    TileCopy.ofWhole(this, grid, tiles).addReading(inLayout(images, grid.inBlocks()), 0);
  }

  private void copyFromTiles(Tensor tiles, Tensor images) {
    TileGrid grid = grid(tiles);
    boolean isInBlocks = images.layout().equals(grid.inBlocks());
    Tensor blocks = isInBlocks ? images : allocate(grid.inBlocks());
    TileCopy.ofWhole(this, grid, tiles).addWriting(blocks, 0);
    if (!isInBlocks) {
      copy(blocks, images);
    }
  }

  /** Copies values from one layout to another of the same dimensions, of any rank. */
  void reorder(Tensor from, Tensor to) {
    reorder(from, to, null);
  }

  private void reorder(Tensor from, Tensor to, Tensor copiedFrom) {
    var description =
        new reorder.primitive_desc(
            OneDnn.cpu(), from.layout(), OneDnn.cpu(), to.layout(), OneDnn.attributes(), false);
    add(
        new reorder(description),
        description,
        Map.of(dnnl.DNNL_ARG_FROM, from, dnnl.DNNL_ARG_TO, to),
        copiedFrom,
        to);
  }

  /** The sum of two tensors of the same layout; over one of them if it is not read any more. */
  Tensor sum(Tensor first, Tensor second) {
    Tensor sum = allocate(first.layout());
    mayOverwrite(first, sum);
    mayOverwrite(second, sum);
    combine(dnnl.dnnl_binary_add, first, second, sum, Activation.NONE);
    return sum;
  }

  /** Takes gradients of values while the backward steps are added. */
  Gradients<Tensor> gradients(Set<String> unwanted) {
    return new Gradients<>(unwanted, this::sumInFormOf);
  }

  private Tensor sumInFormOf(String value, Tensor known, Tensor more) {
    Tensor first = namesInTiles.contains(value) ? inTiles(known) : outOfTiles(known);
    return sum(first, inLayout(more, first.layout()));
  }

  /**
   * Combines two tensors of equal dimensions and applies a function to the result.
   *
   * @param result may lie in the place of the second; in that of the first only without a function,
   *     behind which oneDNN 2.7 comes to wrong results there if channels leave a part of a block
   *     empty
   */
  void combine(int algorithm, Tensor first, Tensor second, Tensor result, Activation activation) {
    var description =
        new binary.primitive_desc(
            new binary.desc(algorithm, first.layout(), second.layout(), result.layout()),
            ActivationPrimitive.attributes(activation),
            OneDnn.cpu());
    add(
        new binary(description),
        description,
        Map.of(
            dnnl.DNNL_ARG_SRC_0, first,
            dnnl.DNNL_ARG_SRC_1, second,
            dnnl.DNNL_ARG_DST, result));
  }

  /** Ends building: every tensor gets its place, which has no memory yet. */
  void arrange() {
    touchInOrder();
    overwritings.forEach(
        overwriting ->
            overwriting.result().storage().overwriteIfUnused(overwriting.argument().storage()));
    preparations.removeIf(step -> !step.isNeeded());
    steps.removeIf(step -> !step.isNeeded());
    place =
        Arrangement.place(
            tensors.stream().map(Tensor::storage).filter(Storage::isTouched).toList(),
            Place.CACHE_LINE,
            Place::ofBytes);
  }

  /** What is prepared and read by a step is never anybody else's, since it outlives the run. */
  private void touchInOrder() {
    int step = 0;
    Set<Storage<Place>> prepared = new HashSet<>();
    for (Step preparation : preparations) {
      for (Tensor tensor : preparation.touched()) {
        tensor.storage().touch(step);
        prepared.add(tensor.storage());
      }
      step++;
    }
    List<Tensor> alwaysAlive = new ArrayList<>(kept);
    for (Step each : steps) {
      for (Tensor tensor : each.touched()) {
        tensor.storage().touch(step);
        if (prepared.contains(tensor.storage())) {
          alwaysAlive.add(tensor);
        }
      }
      step++;
    }
    given.forEach(tensor -> tensor.storage().touch(0));
    for (Tensor tensor : alwaysAlive) {
      tensor.storage().touch(0);
      tensor.storage().touch(step);
    }
  }

  /** Bytes of native memory that the plan takes, once it is arranged. */
  long bytes() {
    return place.bytes();
  }

  /** Takes memory of its own for a plan that is arranged: it can be run. */
  void allocate() {
    place.allocate();
    bind();
  }

  /**
   * Lets a plan that is arranged take turns with others in a memory: it can be run, each time after
   * {@link #takeTurn}. Nothing is kept from one run to the next.
   */
  void shareMemory(SharedMemory memory) {
    shared = memory;
    takeTurn();
  }

  /** Begins a run in memory that is shared: from now on it holds what this plan writes. */
  void takeTurn() {
    if (place.moveTo(shared.ofBytes(place.bytes()))) {
      bind();
    }
  }

  private void bind() {
    tensors.stream().filter(tensor -> tensor.storage().isTouched()).forEach(Tensor::bind);
  }

  /** Runs all steps once, and before them, if parameters have changed, what is prepared of them. */
  void run() {
    if (preparedFor != parameters.changes()) {
      preparations.forEach(preparation -> preparation.action().run());
      preparedFor = parameters.changes();
    }
    steps.forEach(step -> step.action().run());
    queue._wait();
  }

  @Override
  public void close() {
    preparations.clear();
    steps.clear();
    tensors.clear();
    if (place != null) {
      place.free();
    }
    queue.deallocate();
  }
}
