package dev.convoy.worker.backend;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.loss.Loss;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.optimizer.NoisyWeightsGradient;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.ParameterUpdate;
import dev.convoy.worker.optimizer.SegmentSteps;
import dev.convoy.worker.optimizer.SharpnessAwareGradient;
import dev.convoy.worker.optimizer.StepNorms;
import dev.convoy.worker.schedule.StepRates;
import dev.convoy.worker.tangent.TangentPairs;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.nativeblas.NativeOpsHolder;

/** A session whose place is the memory in which Deeplearning4j keeps the network. */
public final class HostSession implements Session {
  private final ComputationGraph network;
  private final Propagation propagation;
  private final Optional<StreamingPropagation> streaming;
  private final Optional<ParameterUpdate> update;
  private final Optional<SharpnessAwareGradient> sharpnessAware;
  private final Optional<NoisyWeightsGradient> noisyWeights;
  private final Optional<TangentPairs> pairs;
  private final int threads;
  private final List<String> refusals;
  private double lossSum;

  /** A step that was taken: the mean loss before it, and its norms if they were asked for. */
  private record Taken(double loss, Optional<StepNorms> norms) {}

  /** For a job, by whoever propagates; closes that. */
  public HostSession(Job job, Propagation propagation) {
    this.network = job.network();
    this.propagation = propagation;
    this.update = job.optimizer().map(optimizer -> new ParameterUpdate(network, optimizer));
    this.sharpnessAware =
        job.optimizer()
            .map(OptimizerSettings::sharpnessRadius)
            .filter(radius -> radius > 0)
            .map(radius -> new SharpnessAwareGradient(network, radius));
    this.noisyWeights =
        job.optimizer()
            .map(optimizer -> optimizer.regularization().noise().weightDeviation())
            .filter(deviation -> deviation > 0)
            .map(deviation -> new NoisyWeightsGradient(network, deviation));
    this.pairs =
        job.optimizer()
            .map(optimizer -> optimizer.regularization().tangents())
            .map(tangents -> TangentPairs.ofMovements(tangents, job.input()));
    this.streaming =
        job.optimizer()
            .filter(OptimizerSettings::stepsBySegment)
            .filter(optimizer -> propagation instanceof StreamingPropagation)
            .map(optimizer -> (StreamingPropagation) propagation);
    this.threads = job.threads();
    this.refusals = job.refusals();
  }

  private ParameterUpdate update() {
    return update.orElseThrow(
        () ->
            new IllegalStateException(
                "Cannot train: expected a session with an optimizer, found one for inference."));
  }

  private Propagation propagation() {
    useThreads();
    return propagation;
  }

  /** OpenMP counts its threads per calling thread, which need not be the same one each time. */
  private void useThreads() {
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
  }

  @Override
  public void load(float[] parameters, float[] optimizerState) {
    HostVector.set(network.params(), parameters);
    propagation.parametersChanged();
    update.ifPresent(rule -> rule.setState(optimizerState));
  }

  @Override
  public double train(Images images, Targets targets, int size, long key, StepRates rates) {
    return taken(images, targets, size, key, rates, false).loss();
  }

  private Taken taken(
      Images images, Targets targets, int size, long key, StepRates rates, boolean isMeasured) {
    ParameterUpdate rule = update();
    Taken taken;
    if (streaming.isPresent()) {
      SegmentSteps steps = rule.begin(size, rates, isMeasured);
      double loss = stream(streaming.get(), images, targets, size, key, steps::take);
      taken = new Taken(loss, steps.finish());
    } else {
      double loss = propagated(images, targets, size, key, rates);
      taken = new Taken(loss, rule.step(size, rates, key, isMeasured));
    }
    propagation.parametersChanged();
    return taken;
  }

  private double stream(
      StreamingPropagation stream,
      Images images,
      Targets targets,
      int size,
      long key,
      StreamingPropagation.GradientTaker taker) {
    useThreads();
    return pairs
        .map(
            tangents ->
                stream.pairedGradient(
                    tangents.of(images, size, key),
                    targets,
                    tangents.coefficient(),
                    size,
                    key,
                    taker))
        .orElseGet(() -> stream.gradient(images, targets, size, key, taker));
  }

  @Override
  public void queue(Images images, Targets targets, int size, long key, StepRates rates) {
    lossSum += train(images, targets, size, key, rates) * size;
  }

  @Override
  public double takeLossSum() {
    double taken = lossSum;
    lossSum = 0;
    return taken;
  }

  @Override
  public Measured trainMeasured(
      Images images, Targets targets, int size, long key, StepRates rates) {
    Taken taken = taken(images, targets, size, key, rates, true);
    return new Measured(taken.loss(), taken.norms().orElseThrow());
  }

  @Override
  public Gradient gradient(Images images, Targets targets, int size, long key, StepRates rates) {
    ParameterUpdate rule = update();
    if (streaming.isPresent()) {
      float[] values = new float[Math.toIntExact(network.numParams())];
      double loss =
          stream(
              streaming.get(),
              images,
              targets,
              size,
              key,
              (layer, parameter, gradient) ->
                  rule.putMean(layer, parameter, gradient, size, rates.epoch(), values));
      return new Gradient(loss, values);
    }
    double loss = propagated(images, targets, size, key, rates);
    rule.divideGradient(size, rates.epoch());
    return new Gradient(loss, HostVector.copy(HostVector.gradients(network)));
  }

  @Override
  public StepNorms step(float[] gradient, StepRates rates, long key) {
    ParameterUpdate rule = update();
    StepNorms norms;
    if (streaming.isPresent()) {
      SegmentSteps steps = rule.begin(1, rates, true);
      steps.takeAll(gradient);
      norms = steps.finish().orElseThrow();
    } else {
      HostVector.set(HostVector.gradients(network), gradient);
      norms = rule.measuredStep(1, rates, key);
    }
    propagation.parametersChanged();
    return norms;
  }

  /**
   * Leaves the gradient that a step takes; returns the mean loss where its first gradient is taken.
   */
  private double propagated(Images images, Targets targets, int size, long key, StepRates rates) {
    if (noisyWeights.isEmpty()) {
      return gradientHere(images, targets, size, key, rates);
    }
    double[] loss = {0};
    noisyWeights
        .get()
        .around(
            key,
            () -> {
              propagation.parametersChanged();
              loss[0] = gradientHere(images, targets, size, key, rates);
            });
    return loss[0];
  }

  private double gradientHere(Images images, Targets targets, int size, long key, StepRates rates) {
    double loss = propagate(images, targets, size, key);
    sharpnessAware.ifPresent(
        gradient ->
            gradient.replace(
                update().learned(rates.epoch()),
                () -> {
                  propagation.parametersChanged();
                  propagate(images, targets, size, key);
                }));
    return loss;
  }

  private double propagate(Images images, Targets targets, int size, long key) {
    return pairs
        .map(
            tangents ->
                propagation()
                    .pairedGradient(
                        tangents.of(images, size, key), targets, tangents.coefficient(), size, key))
        .orElseGet(() -> propagation().gradient(images, targets, size, key));
  }

  @Override
  public float[] parameters() {
    return HostVector.copy(network.params());
  }

  @Override
  public int optimizerStateLength() {
    return update().stateLength();
  }

  @Override
  public float[] optimizerState() {
    return update().state();
  }

  @Override
  public Optional<StatisticsMeasurement> measureStatistics() {
    useThreads();
    RunningStatistics statistics = new RunningStatistics(network, propagation, streaming);
    return statistics.isEmpty() ? Optional.empty() : Optional.of(statistics);
  }

  @Override
  public Loss loss() {
    return propagation.loss();
  }

  @Override
  public float[] outputs(Images images, int size) {
    return propagation().outputs(images, size);
  }

  @Override
  public float[] probabilities(Images images, int size) {
    return propagation().probabilities(images, size);
  }

  @Override
  public float[] sampledProbabilities(Images images, long[] keys, int size) {
    return propagation().sampledProbabilities(images, keys, size);
  }

  @Override
  public boolean hasDropout() {
    return propagation.hasDropout();
  }

  @Override
  public String description() {
    return Stream.concat(Stream.of(propagation.description()), refusals.stream())
        .collect(Collectors.joining("; "));
  }

  @Override
  public void close() {
    propagation.close();
  }
}
