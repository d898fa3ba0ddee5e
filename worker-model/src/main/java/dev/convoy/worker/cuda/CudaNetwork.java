package dev.convoy.worker.cuda;

import dev.convoy.data.Text;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.worker.backend.ActivationMemory;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Recent;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.loss.CrossEntropy;
import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.optimizer.Segment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** A network on a device: its vectors, and a plan for each batch size. */
final class CudaNetwork implements AutoCloseable {
  private static final int LARGEST_INFERENCE_BATCH = 256;

  private final Device device;
  private final Graph graph;
  private final Graph sampling;
  private final int classes;
  private final int parameters;
  private final CudaSettings settings;
  private final Set<String> settled;
  private final int largestInferenceBatch;
  private final NetworkVectors vectors;
  private final DeviceArena arena;
  private final DeviceMemory lossSum;
  private final HostBlock lossBlock;
  private final Recent<CudaPlanShape, CudaTrainingPlan> trainingPlans = new Recent<>();
  private final Recent<CudaPlanShape, CudaInferencePlan> inferencePlans = new Recent<>();
  private final Recent<CudaPlanShape, CudaInferencePlan> samplingPlans = new Recent<>();

  /** Batches that cuDNN has no algorithms to classify in. */
  private final Set<CudaPlanShape> unsupported = new HashSet<>();

  /**
   * Takes the memory of a network's vectors; whether cuDNN has algorithms for what is asked of the
   * network is seen by {@link #requireTraining} and {@link #requireAnswers}. The device belongs to
   * the new object once there is no exception.
   *
   * @param network what is computed; it need not be there
   * @param input its images and the number of classes
   * @param segments of its flat vector, in that order
   * @param settled layers that nobody needs gradients of
   * @param settings that the device allows
   * @throws UnsupportedNetworkException naming a layer that is not known here
   */
  CudaNetwork(
      ComputationGraphConfiguration network,
      InputShape input,
      List<Segment> segments,
      Set<String> settled,
      Device device,
      CudaSettings settings)
      throws UnsupportedNetworkException {
    this.device = device;
    this.settled = settled;
    this.settings = settings;
    graph = GraphReader.read(network, input);
    CudaStages.requireKnown(graph);
    sampling = graph.sampling();
    classes = input.classes();
    parameters = Math.toIntExact(segments.stream().mapToLong(Segment::length).sum());
    largestInferenceBatch =
        Integer.highestOneBit(
            Math.min(LARGEST_INFERENCE_BATCH, ActivationMemory.imagesAtOnce(network, input)));
    vectors =
        new NetworkVectors(
            device,
            new ParameterLayout(segments, graph),
            settings.precision() == Precision.BFLOAT16
                ? ValueFormat.BFLOAT16
                : ValueFormat.FLOAT32);
    arena = new DeviceArena(device);
    lossSum = new DeviceMemory(device, Double.BYTES);
    lossSum.allocate();
    lossBlock = device.hostBlock(Double.BYTES);
  }

  /**
   * Plans a step on one image, which asks cuDNN for algorithms for all convolutions and for those
   * gradients that somebody needs.
   *
   * @throws UnsupportedNetworkException naming a call of cuDNN that has no algorithm
   */
  void requireTraining() throws UnsupportedNetworkException {
    requireAlgorithms(() -> unallocated(new CudaPlanShape(1, true, 1, !hasLossOnDevice())).close());
  }

  /**
   * Plans an answer to one image, which asks cuDNN for algorithms for the results of all
   * convolutions.
   *
   * @throws UnsupportedNetworkException naming a call of cuDNN that has no algorithm
   */
  void requireAnswers() throws UnsupportedNetworkException {
    CudaPlanShape one = new CudaPlanShape(1, true, 1, true);
    requireAlgorithms(() -> new CudaInferencePlan(this, graph.inference(), one).close());
  }

  private static void requireAlgorithms(Runnable planning) throws UnsupportedNetworkException {
    try {
      planning.run();
    } catch (CudaException e) {
      if (e.isUnsupported()) {
        throw new UnsupportedNetworkException(e.getMessage(), e);
      }
      throw e;
    }
  }

  /** How many parameters the network has. */
  int parameters() {
    return parameters;
  }

  Device device() {
    return device;
  }

  Graph graph() {
    return graph;
  }

  NetworkVectors vectors() {
    return vectors;
  }

  /** The memory that all plans use in turn. */
  DeviceArena arena() {
    return arena;
  }

  int classes() {
    return classes;
  }

  Precision precision() {
    return settings.precision();
  }

  boolean recomputes() {
    return settings.recomputes();
  }

  /** Layers that nobody needs gradients of. */
  Set<String> settled() {
    return settled;
  }

  Loss loss() {
    return graph.heads().get(0).loss();
  }

  boolean hasDropout() {
    return sampling.hasDropout();
  }

  /** Who computes what, for a log. */
  String description() {
    return "the whole network runs on " + device.name() + ", " + settings.format();
  }

  /** Whether kernels compute the loss of all heads. */
  boolean hasLossOnDevice() {
    return graph.heads().stream().allMatch(head -> head.loss() instanceof CrossEntropy);
  }

  /** A double: the sum of losses that kernels have computed. */
  Address lossSum() {
    return lossSum::address;
  }

  /** Waits for the sum of losses, and begins it anew. */
  double takeLossSum() {
    device.download(lossSum.address(), lossBlock, 0, Double.BYTES);
    device.clear(lossSum.address(), Double.BYTES);
    device.synchronize();
    return lossBlock.bytes().getDouble(0);
  }

  /**
   * Propagates a batch forward in training and its loss backward, and waits for it: gradients are
   * left where the network's vectors have them. No losses of others may wait to be taken.
   *
   * @return the mean loss of the images
   */
  double propagate(Images images, Targets targets, int size, long key) {
    CudaPlanShape shape = shape(images, size);
    if (shape.lossOnHost()) {
      return propagateWithHost(shape, images, targets, size, 0, key);
    }
    trainingPlan(shape).queue(images, targets, size, new long[] {key});
    return takeLossSum() / size;
  }

  /**
   * The same of images and their partners, which are behind them.
   *
   * @param size images that have targets
   */
  double propagatePairs(Images pairs, Targets targets, double coefficient, int size, long key) {
    CudaPlanShape shape =
        new CudaPlanShape(Math.multiplyExact(2, size), pairs instanceof Images.Pixels, 2, true);
    return propagateWithHost(shape, pairs, targets, size, coefficient, key, key);
  }

  private double propagateWithHost(
      CudaPlanShape shape,
      Images images,
      Targets targets,
      int learned,
      double coefficient,
      long... keys) {
    CudaTrainingPlan plan = trainingPlan(shape);
    plan.lossOnHost().set(targets, learned, coefficient);
    plan.queue(images, targets, learned, keys);
    device.synchronize();
    return plan.lossOnHost().loss();
  }

  /** What a batch needs a plan for. */
  CudaPlanShape shape(Images images, int size) {
    return new CudaPlanShape(size, images instanceof Images.Pixels, 1, !hasLossOnDevice());
  }

  /**
   * The plan for batches of a kind.
   *
   * @throws DeviceMemoryException if it does not fit into the device's memory
   * @throws UnsupportedBatchException if cuDNN has no algorithm for the batch size
   */
  CudaTrainingPlan trainingPlan(CudaPlanShape shape) {
    try {
      return trainingPlans.computeIfAbsent(shape, this::planned);
    } catch (CudaException e) {
      throw e.isUnsupported()
          ? new UnsupportedBatchException(device.name(), shape.batchSize(), e)
          : e;
    }
  }

  private CudaTrainingPlan planned(CudaPlanShape shape) {
    CudaTrainingPlan plan = unallocated(shape);
    long room = arena.room();
    if (plan.bytes() <= room) {
      try {
        return plan.allocated();
      } catch (RuntimeException e) {
        plan.close();
        throw e;
      }
    }
    long bytes = plan.bytes();
    plan.close();
    throw new DeviceMemoryException(
        Text.of(
            "Cannot train on %s: a batch of %d images needs %.0f MB of its memory, %.0f MB are"
                + " free beside what its libraries may take. %s",
            device.name(),
            shape.batchSize(),
            bytes / 1e6,
            Math.max(0, room) / 1e6,
            advice(shape, room)));
  }

  private CudaTrainingPlan unallocated(CudaPlanShape shape) {
    return new CudaTrainingPlan(
        this, shape, shape.lossOnHost() ? new LossOnHost(graph.logits()) : null);
  }

  /** The largest half, quarter and so on of a batch that fits. */
  private String advice(CudaPlanShape shape, long room) {
    for (int size = shape.batchSize() / 2; size > 0; size /= 2) {
      try (CudaTrainingPlan plan = unallocated(shape.of(size))) {
        if (plan.bytes() <= room) {
          return "training.batch-size = " + size + " fits.";
        }
      }
    }
    return "Not even a single image fits; accelerator.recompute = on needs less.";
  }

  /** Answers of a batch: a function of the network's last values, without dropout. */
  float[] answers(Consumer<double[]> function, Images images, int size) {
    float[] answers = new float[Math.multiplyExact(size, classes)];
    boolean inBytes = images instanceof Images.Pixels;
    CudaInferencePlan plan =
        inferencePlan(
            inferencePlans,
            graph.inference(),
            size,
            batch -> new CudaPlanShape(batch, inBytes, 1, true));
    int batch = plan.batchSize();
    for (int first = 0; first < size; first += batch) {
      plan.run(function, images, first, Math.min(batch, size - first), new long[1], answers);
    }
    return answers;
  }

  /** The same with masks that are drawn from a key of each image. */
  float[] sampledAnswers(Consumer<double[]> function, Images images, long[] keys, int size) {
    float[] answers = new float[Math.multiplyExact(size, classes)];
    boolean inBytes = images instanceof Images.Pixels;
    CudaInferencePlan plan =
        inferencePlan(
            samplingPlans, sampling, size, batch -> new CudaPlanShape(batch, inBytes, batch, true));
    int batch = plan.batchSize();
    for (int first = 0; first < size; first += batch) {
      int count = Math.min(batch, size - first);
      long[] mixed = new long[batch];
      for (int i = 0; i < count; i++) {
        mixed[i] = KeyedRandom.mix(keys[first + i]);
      }
      plan.run(function, images, first, count, mixed, answers);
    }
    return answers;
  }

  /** The plan for the largest batches that cuDNN has algorithms for: it has them for an image. */
  private CudaInferencePlan inferencePlan(
      Recent<CudaPlanShape, CudaInferencePlan> plans,
      Graph answering,
      int size,
      IntFunction<CudaPlanShape> shapes) {
    CudaPlanShape shape = shapes.apply(inferenceBatch(size));
    while (true) {
      try {
        if (!unsupported.contains(shape)) {
          return plans.computeIfAbsent(shape, key -> new CudaInferencePlan(this, answering, key));
        }
      } catch (CudaException e) {
        if (!e.isUnsupported() || shape.batchSize() == 1) {
          throw e;
        }
        unsupported.add(shape);
      }
      shape = shapes.apply(shape.batchSize() / 2);
    }
  }

  /** The next power of two, so that there are few plans for all sizes, if that is not too large. */
  private int inferenceBatch(int size) {
    int roundedUp = size == 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
    return Math.min(largestInferenceBatch, roundedUp);
  }

  @Override
  public void close() {
    device.enter();
    trainingPlans.closeAll();
    inferencePlans.closeAll();
    samplingPlans.closeAll();
    arena.close();
    device.settle();
    lossBlock.close();
    lossSum.close();
    vectors.close();
    device.close();
  }
}
