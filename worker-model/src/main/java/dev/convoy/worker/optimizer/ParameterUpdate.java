package dev.convoy.worker.optimizer;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.worker.optimizer.Optimizer.Change;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.Segment.Kind;
import dev.convoy.worker.optimizer.SegmentStep.Norms;
import dev.convoy.worker.schedule.StepRates;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * One optimizer step on the flat parameter vector of a network: divide by the batch, clip, add
 * noise, and then segment by segment penalties, rule, decay, soft threshold, subtract, bound.
 *
 * <p>Batch normalisation's running statistics travel in the gradient vector too, as what is to be
 * taken off them; they are subtracted as they are.
 *
 * <p>All of it is plain loops, so the result depends on the values alone, not on the processor or
 * on where they lie in the vector.
 *
 * <p>Belongs to one network and one thread at a time. The optimizer's state is what the caller may
 * read and write between steps. Rules that correct for a state that began with zeros keep its
 * number of steps in it: averaged and reset with the rest, it always belongs to it. Layers that
 * begin to learn later have such a number of their own.
 *
 * <p>Layers that do not learn stay as they are, to the last bit, running statistics too: no clip
 * sees their gradient, and nothing is kept of it.
 */
public final class ParameterUpdate {
  private final Optimizer optimizer;
  private final Regularization regularization;
  private final List<GradientClip> clips;
  private final List<Segment> all;
  private final Map<Segment, Integer> places = new HashMap<>();
  private final NetworkRates layers;
  private final Map<String, Map<String, Segment>> named = new HashMap<>();
  private final FlatVectors whole;
  private final FlatVectors parts;
  private final int length;
  private final float[][] arrays;
  private final double[][] scalars;
  private FloatPointer gradientOfPart;
  private Learning learning;

  /**
   * What learns in some epochs.
   *
   * @param lastStage of unfreezing that has begun
   * @param segments that are learned
   * @param statistics that are measured
   */
  private record Learning(int lastStage, List<Segment> segments, Set<Segment> statistics) {}

  /**
   * Binds the update to a network's parameters.
   *
   * @param network initialised; keeps its own updater, which is not used
   */
  public ParameterUpdate(ComputationGraph network, OptimizerSettings settings) {
    this.optimizer = Optimizers.FAMILY.create(settings.rule());
    this.regularization = settings.regularization();
    this.clips = regularization.clips().clips(network.getConfiguration().getNetworkOutputs());
    this.all = Segment.of(network);
    for (Segment segment : all) {
      places.put(segment, places.size());
      named
          .computeIfAbsent(segment.layer(), layer -> new HashMap<>())
          .put(segment.parameter(), segment);
    }
    this.layers = new NetworkRates(settings.layers(), network.getConfiguration(), all);
    this.learning = learning(0);
    this.length = Math.toIntExact(network.numParams());
    this.arrays = new float[optimizer.arrays().size()][length];
    this.scalars = new double[layers.stages()][optimizer.scalars().size()];
    this.whole = new FlatVectors(network.params(), new NetworkGradient(network), arrays);
    this.parts = new FlatVectors(network.params(), segment -> gradientOfPart, arrays);
  }

  /**
   * Takes one step with the gradient that the network just computed (summed over the batch, as
   * Deeplearning4j leaves it). The gradient vector is used up.
   *
   * @param batchSize examples in the batch, at least 1
   * @param rates what schedules give to the step
   * @param key of the step, what noise is drawn from
   */
  public void step(int batchSize, StepRates rates, long key) {
    step(batchSize, rates, key, false);
  }

  /** The same step to the last bit, measured. */
  public StepNorms measuredStep(int batchSize, StepRates rates, long key) {
    return step(batchSize, rates, key, true).orElseThrow();
  }

  /**
   * Begins the same step, to be taken segment by segment; only where {@link
   * OptimizerSettings#stepsBySegment}.
   *
   * @param batchSize examples in the batch, at least 1
   * @param rates what schedules give to the step
   * @param isMeasured whether its norms are asked for
   */
  public SegmentSteps begin(int batchSize, StepRates rates, boolean isMeasured) {
    List<Segment> segments = learned(rates.epoch());
    beginRule();
    return new SegmentSteps(this, segments, batchSize, rates, norms(isMeasured));
  }

  private Learning learning(int lastStage) {
    List<Segment> learn = all.stream().filter(one -> layers.learns(one, lastStage)).toList();
    return new Learning(
        lastStage,
        learn.stream().filter(one -> one.kind() != Kind.RUNNING_STATISTIC).toList(),
        learn.stream()
            .filter(one -> one.kind() == Kind.RUNNING_STATISTIC)
            .collect(Collectors.toSet()));
  }

  /** The segments that are learned in an epoch, counted from 0. */
  public List<Segment> learned(int epoch) {
    int lastStage = layers.lastStage(epoch);
    if (learning.lastStage() != lastStage) {
      learning = learning(lastStage);
    }
    return learning.segments();
  }

  /**
   * The same step to the last bit.
   *
   * @param isMeasured whether its norms are asked for
   * @return the norms, if they were asked for
   */
  public Optional<StepNorms> step(int batchSize, StepRates rates, long key, boolean isMeasured) {
    List<Segment> segments = learned(rates.epoch());
    Optional<StepNorms> norms = norms(isMeasured);
    for (Segment segment : segments) {
      divide(segment, batchSize, whole);
      norms.ifPresent(measured -> measure(segment, measured, whole));
    }
    clips.forEach(clip -> clip.apply(segments, whole));
    addNoise(segments, regularization.noise().gradientDeviation(rates.step()), key);
    beginRule();
    segments.forEach(segment -> change(segment, rates, norms, whole));
    learning
        .statistics()
        .forEach(segment -> whole.changeParameters(segment, ParameterUpdate::subtract));
    return norms;
  }

  private Optional<StepNorms> norms(boolean areAsked) {
    return areAsked ? Optional.of(new StepNorms(all.size())) : Optional.empty();
  }

  private void beginRule() {
    for (int stage = 0; stage <= learning.lastStage(); stage++) {
      optimizer.begin(scalars[stage]);
    }
  }

  /** Of the network, in the order of its parameters. */
  List<Segment> segments() {
    return all;
  }

  /** The segment of a layer's parameter. */
  Segment segment(String layer, String parameter) {
    return named.get(layer).get(parameter);
  }

  /** Takes the step of one segment that learns, or of a running statistic, measured or not. */
  void stepOf(
      Segment segment,
      FloatPointer gradient,
      int batchSize,
      StepRates rates,
      Optional<StepNorms> norms) {
    gradientOfPart = gradient;
    if (segment.kind() != Kind.RUNNING_STATISTIC) {
      parts.divideGradient(batchSize);
      norms.ifPresent(measured -> measure(segment, measured, parts));
      change(segment, rates, norms, parts);
    } else if (learning.statistics().contains(segment)) {
      parts.divideGradient(1);
      parts.changeParameters(segment, ParameterUpdate::subtract);
    }
  }

  private void measure(Segment segment, StepNorms norms, FlatVectors vectors) {
    int place = places.get(segment);
    norms.parameters()[place] = Math.sqrt(vectors.parameterSquares(segment));
    norms.gradients()[place] = Math.sqrt(vectors.gradientSquares(List.of(segment)));
  }

  /**
   * Makes the gradient that the network just computed the mean over its batch, where it learns in
   * an epoch; for whoever takes the step elsewhere.
   *
   * @param batchSize examples in the batch, at least 1
   * @param epoch counted from 0
   */
  public void divideGradient(int batchSize, int epoch) {
    learned(epoch).forEach(segment -> divide(segment, batchSize, whole));
  }

  /**
   * Puts the gradient of a layer's parameter where it belongs among all, as the mean over its batch
   * where it learns in an epoch; for whoever takes the step elsewhere.
   *
   * @param gradient summed over the batch
   * @param batchSize examples in the batch, at least 1
   * @param epoch counted from 0
   * @param all flat, in the network's order
   */
  public void putMean(
      String layer,
      String parameter,
      FloatPointer gradient,
      int batchSize,
      int epoch,
      float[] all) {
    Segment segment = segment(layer, parameter);
    int from = Math.toIntExact(segment.offset());
    int length = Math.toIntExact(segment.length());
    gradient.get(all, from, length);
    if (segment.kind() != Kind.RUNNING_STATISTIC
        && layers.learns(segment, layers.lastStage(epoch))) {
      FlatVectors.divide(all, from, length, batchSize);
    }
  }

  private static void divide(Segment segment, float batchSize, FlatVectors vectors) {
    vectors.changeGradient(
        segment,
        (parameters, gradient, state, count, offset) ->
            FlatVectors.divide(gradient, 0, count, batchSize));
  }

  /** Neelakantan et al. 2015: behind the clips, so that these do not bound the noise. */
  private void addNoise(List<Segment> segments, double deviation, long key) {
    if (deviation == 0) {
      return;
    }
    KeyedRandom random = KeyedRandom.of(key, Purpose.GRADIENT_NOISE);
    for (Segment segment : segments) {
      whole.changeGradient(
          segment,
          (parameters, gradient, state, count, offset) -> {
            for (int i = 0; i < count; i++) {
              gradient[i] += (float) (deviation * random.nextGaussian());
            }
          });
    }
  }

  /** Takes off what penalties and the rule make of a gradient. */
  private void change(
      Segment segment, StepRates rates, Optional<StepNorms> norms, FlatVectors vectors) {
    Penalties penalties = regularization.penalties();
    boolean isTouched = penalties.touch(segment);
    float l1 = isTouched ? (float) penalties.l1() : 0;
    float l2 = isTouched ? (float) penalties.l2() : 0;
    double weightDecay = isTouched ? penalties.weightDecay() : 0;
    if (isTouched && penalties.orthogonality() > 0 && segment.kind() == Kind.WEIGHT) {
      new Orthogonality(penalties.orthogonality()).add(segment, vectors);
    }
    double rate = rates.learningRate() * layers.share(segment);
    float threshold = isTouched ? (float) (penalties.l1Proximal() * rate) : 0;
    float decay = optimizer.decaysWeights() ? 0 : (float) (weightDecay * rate);
    Change change =
        optimizer.change(
            new SegmentStep(
                segment,
                rate,
                rates.momentum().orElse(optimizer.momentum().orElse(0)),
                scalars[layers.stage(segment)],
                l2,
                weightDecay,
                norms(segment, l1, l2, vectors)));
    double[] squares = {0};
    vectors.changeParameters(
        segment,
        (parameters, gradient, state, count, offset) -> {
          penalise(parameters, gradient, count, l1, l2);
          change.apply(parameters, gradient, state, count);
          decay(parameters, gradient, count, decay);
          shrink(parameters, gradient, count, threshold);
          if (norms.isPresent()) {
            squares[0] = FlatVectors.addSquares(squares[0], gradient, count);
          }
          subtract(parameters, gradient, state, count, offset);
        });
    norms.ifPresent(measured -> measured.updates()[places.get(segment)] = Math.sqrt(squares[0]));
    regularization.maxNorm().restore(segment, vectors);
  }

  private static Norms norms(Segment segment, float l1, float l2, FlatVectors vectors) {
    return new Norms() {
      @Override
      public double ofParameters() {
        return Math.sqrt(vectors.parameterSquares(segment));
      }

      @Override
      public double ofGradient() {
        return Math.sqrt(vectors.gradientSquares(List.of(segment)));
      }

      @Override
      public double ofChange(Change change) {
        double[] sum = {0};
        vectors.read(
            segment,
            (parameters, gradient, state, count, offset) -> {
              penalise(parameters, gradient, count, l1, l2);
              change.apply(parameters, gradient, state, count);
              sum[0] = FlatVectors.addSquares(sum[0], gradient, count);
            });
        return Math.sqrt(sum[0]);
      }
    };
  }

  private static void penalise(
      float[] parameters, float[] gradient, int count, float l1, float l2) {
    if (l2 > 0) {
      for (int i = 0; i < count; i++) {
        gradient[i] += l2 * parameters[i];
      }
    }
    if (l1 > 0) {
      for (int i = 0; i < count; i++) {
        gradient[i] += l1 * Math.signum(parameters[i]);
      }
    }
  }

  /** Decoupled weight decay (Loshchilov and Hutter 2019). */
  private static void decay(float[] parameters, float[] changes, int count, float shrinkage) {
    if (shrinkage > 0) {
      for (int i = 0; i < count; i++) {
        changes[i] += shrinkage * parameters[i];
      }
    }
  }

  /** The proximal step of the absolute value, a soft threshold behind the step. */
  private static void shrink(float[] parameters, float[] changes, int count, float threshold) {
    if (threshold > 0) {
      for (int i = 0; i < count; i++) {
        float moved = parameters[i] - changes[i];
        float shrunk = Math.copySign(Math.max(Math.abs(moved) - threshold, 0), moved);
        changes[i] = parameters[i] - shrunk;
      }
    }
  }

  private static void subtract(
      float[] parameters, float[] changes, float[][] state, int count, long offset) {
    for (int i = 0; i < count; i++) {
      parameters[i] -= changes[i];
    }
  }

  /** Length of {@link #state()}; 0 for rules without state. */
  public int stateLength() {
    return arrays.length * length + scalars.length * optimizer.scalars().size();
  }

  /** The optimizer's state, array after array and then the scalars; a copy. */
  public float[] state() {
    float[] state = new float[stateLength()];
    for (int i = 0; i < arrays.length; i++) {
      System.arraycopy(arrays[i], 0, state, i * length, length);
    }
    int next = arrays.length * length;
    for (double[] ofStage : scalars) {
      for (double scalar : ofStage) {
        state[next++] = (float) scalar;
      }
    }
    return state;
  }

  /**
   * Overwrites the optimizer's state.
   *
   * @param values as {@link #state()} returned it, or several averaged; empty for that of a new run
   * @throws IllegalArgumentException if the length is another
   */
  public void setState(float[] values) {
    if (values.length != 0 && values.length != stateLength()) {
      throw new IllegalArgumentException(
          "Cannot set the optimizer's state: expected "
              + stateLength()
              + " values, found "
              + values.length);
    }
    float[] state = values.length == 0 ? new float[stateLength()] : values;
    for (int i = 0; i < arrays.length; i++) {
      System.arraycopy(state, i * length, arrays[i], 0, length);
    }
    int next = arrays.length * length;
    for (double[] ofStage : scalars) {
      for (int i = 0; i < ofStage.length; i++) {
        ofStage[i] = state[next++];
      }
    }
  }
}
