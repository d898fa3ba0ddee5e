package dev.convoy.worker.onednn;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.ActivationMemory;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Recent;
import dev.convoy.worker.backend.StreamingPropagation;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.natives.InstructionSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network of Deeplearning4j as chains of oneDNN primitives, one for each batch size. Values stay
 * in the layout that the primitives prefer from one node to the next, and neighbouring nodes are
 * joined. Parameters and gradients stay in the network's own memory, so that the network remains
 * what is trained, averaged and saved. Training takes the memory of the largest batch, whatever
 * other sizes there are.
 *
 * <p>Agrees with Deeplearning4j's own layers up to rounding. The same network, batch and number of
 * threads give the same bits.
 */
public final class CompiledNetwork implements StreamingPropagation {
  /** Larger batches are cut: what is computed together should stay in the cache. */
  private static final int LARGEST_INFERENCE_BATCH = 64;

  private final Graph graph;
  private final Graph sampling;
  private final InputShape input;
  private final Precision wanted;
  private final Precision precision;
  private final boolean recomputes;
  private final Set<String> settled;
  private final int largestInferenceBatch;
  private final ParameterMemory parameters;
  private final SharedMemory trainingMemory = new SharedMemory();
  private final Recent<PlanKind, TrainingPlan> trainingPlans = new Recent<>();
  private final Recent<Integer, InferencePlan> inferencePlans = new Recent<>();
  private final Recent<Integer, InferencePlan> samplingPlans = new Recent<>();

  /** What tells training plans apart. */
  private record PlanKind(int images, boolean handsOver) {}

  private CompiledNetwork(
      ComputationGraph network,
      InputShape input,
      Graph graph,
      Precision precision,
      boolean recomputes,
      Set<String> settled) {
    this.recomputes = recomputes;
    this.settled = settled;
    this.wanted = precision;
    this.precision = available(precision);
    this.graph = graph;
    this.sampling = graph.sampling();
    this.input = input;
    this.largestInferenceBatch =
        Integer.highestOneBit(
            Math.min(LARGEST_INFERENCE_BATCH, ActivationMemory.imagesAtOnce(network, input)));
    this.parameters = new ParameterMemory(network);
  }

  /** Why no network can be compiled on this machine; empty if some can. */
  public static Optional<String> problem() {
    return Nd4j.getEnvironment().isCPU()
        ? OneDnn.problem()
        : Optional.of("the network's parameters are not in host memory");
  }

  /**
   * Compiles a network.
   *
   * @param network initialised; must outlive the result
   * @param input its images and the number of classes
   * @param precision of its values; single where the machine has no other
   * @param recomputes whether training keeps only what goes from one block of layers into the next,
   *     and computes the rest again on the way back; changes no bit of the result
   * @param settled layers that nobody needs gradients of, nor those in front of them; what is left
   *     where these would be is any
   * @throws UnsupportedNetworkException if it has a layer that is not known here, or the machine
   *     has no oneDNN
   */
  public static CompiledNetwork compile(
      ComputationGraph network,
      InputShape input,
      Precision precision,
      boolean recomputes,
      Set<String> settled)
      throws UnsupportedNetworkException {
    Optional<String> problem = problem();
    if (problem.isPresent()) {
      throw new UnsupportedNetworkException(problem.get());
    }
    if (network.params().dataType() != DataType.FLOAT) {
      throw new UnsupportedNetworkException("its parameters are not floats");
    }
    Graph graph = GraphReader.read(network.getConfiguration(), input);
    Stages.requireKnown(graph);
    return new CompiledNetwork(network, input, graph, precision, recomputes, settled);
  }

  /** What this machine computes in where a precision is wanted: that, or single precision. */
  public static Precision available(Precision wanted) {
    boolean halved =
        problem().isEmpty()
            && switch (wanted) {
              case FLOAT32, TF32 -> false;
              case BFLOAT16 -> OneDnn.hasBfloat16();
              case AUTO -> InstructionSet.inUse().hasFastBfloat16();
            };
    return halved ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  /**
   * Bytes of native memory that training at a batch size takes, beside the parameters and, where
   * the network keeps them, their gradients. Plans a step as it would be run, without taking the
   * memory or making the network.
   *
   * @param input images and classes of the network
   * @param recomputes as for {@link #compile}
   * @param handsOver whether the gradients of parameters are handed over as they become known; else
   *     the network keeps them
   * @throws UnsupportedNetworkException as {@link #compile} does
   */
  public static long trainingBytes(
      ComputationGraphConfiguration configuration,
      InputShape input,
      int batchSize,
      Precision precision,
      boolean recomputes,
      boolean handsOver)
      throws UnsupportedNetworkException {
    return trainingBytes(
        configuration, input, batchSize, precision, recomputes, handsOver, Set.of());
  }

  /** The same of a network some layers of which are settled. */
  static long trainingBytes(
      ComputationGraphConfiguration configuration,
      InputShape input,
      int batchSize,
      Precision precision,
      boolean recomputes,
      boolean handsOver,
      Set<String> settled)
      throws UnsupportedNetworkException {
    if (OneDnn.problem().isPresent()) {
      throw new UnsupportedNetworkException(OneDnn.problem().get());
    }
    Graph graph = GraphReader.read(configuration, input);
    Stages.requireKnown(graph);
    try (TrainingPlan plan =
        new TrainingPlan(
            graph,
            batchSize,
            available(precision),
            recomputes,
            settled,
            ParameterMemory.nowhere(),
            handsOver)) {
      return plan.bytes();
    }
  }

  @Override
  public double gradient(Images images, Targets targets, int size, long dropoutKey) {
    return trainingPlan(size, false).run(images, targets, dropoutKey);
  }

  @Override
  public double gradient(
      Images images, Targets targets, int size, long dropoutKey, GradientTaker taker) {
    return trainingPlan(size, true).to(taker).run(images, targets, dropoutKey);
  }

  @Override
  public double pairedGradient(
      Images pairs, Targets targets, double coefficient, int size, long dropoutKey) {
    return trainingPlan(Math.multiplyExact(2, size), false)
        .runPairs(pairs, targets, coefficient, dropoutKey);
  }

  @Override
  public double pairedGradient(
      Images pairs,
      Targets targets,
      double coefficient,
      int size,
      long dropoutKey,
      GradientTaker taker) {
    return trainingPlan(Math.multiplyExact(2, size), true)
        .to(taker)
        .runPairs(pairs, targets, coefficient, dropoutKey);
  }

  private TrainingPlan trainingPlan(int images, boolean handsOver) {
    return trainingPlans.computeIfAbsent(
        new PlanKind(images, handsOver),
        kind ->
            new TrainingPlan(
                    graph, kind.images(), precision, recomputes, settled, parameters, handsOver)
                .in(trainingMemory));
  }

  @Override
  public Loss loss() {
    return graph.heads().get(0).loss();
  }

  @Override
  public float[] probabilities(Images images, int size) {
    return answers(loss().function()::apply, images, size);
  }

  @Override
  public float[] outputs(Images images, int size) {
    return answers(outputs -> {}, images, size);
  }

  private float[] answers(Consumer<double[]> function, Images images, int size) {
    float[] answers = new float[Math.multiplyExact(size, input.classes())];
    int batch = inferenceBatch(size);
    InferencePlan plan =
        inferencePlans.computeIfAbsent(
            batch, b -> new InferencePlan(graph.inference(), b, precision, parameters));
    for (int first = 0; first < size; first += batch) {
      plan.run(function, images, first, Math.min(batch, size - first), answers);
    }
    return answers;
  }

  @Override
  public float[] sampledProbabilities(Images images, long[] keys, int size) {
    if (!hasDropout()) {
      return probabilities(images, size);
    }
    float[] probabilities = new float[Math.multiplyExact(size, input.classes())];
    int batch = inferenceBatch(size);
    InferencePlan plan =
        samplingPlans.computeIfAbsent(
            batch, b -> new InferencePlan(sampling, b, precision, parameters));
    for (int first = 0; first < size; first += batch) {
      plan.run(
          loss().function()::apply,
          images,
          keys,
          first,
          Math.min(batch, size - first),
          probabilities);
    }
    return probabilities;
  }

  @Override
  public void parametersChanged() {
    parameters.changed();
  }

  @Override
  public boolean hasDropout() {
    return sampling.hasDropout();
  }

  /** The next power of two, so that there are few plans for all sizes, if that is not too large. */
  private int inferenceBatch(int size) {
    int roundedUp = size == 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
    return Math.min(largestInferenceBatch, roundedUp);
  }

  @Override
  public String description() {
    String whole = "the whole network runs as oneDNN primitives";
    if (precision == Precision.BFLOAT16) {
      return whole + ", in bfloat16";
    }
    return switch (wanted) {
      case BFLOAT16 -> whole + ", in float32, since the processor does not multiply bfloat16";
      case TF32 -> whole + ", in float32, since TF32 is a GPU's";
      case AUTO, FLOAT32 -> whole;
    };
  }

  @Override
  public void close() {
    trainingPlans.closeAll();
    trainingMemory.close();
    inferencePlans.closeAll();
    samplingPlans.closeAll();
  }
}
