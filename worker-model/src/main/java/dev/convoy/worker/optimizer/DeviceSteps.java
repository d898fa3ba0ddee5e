package dev.convoy.worker.optimizer;

import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.Segment.Kind;
import dev.convoy.worker.optimizer.SegmentStep.Norms;
import dev.convoy.worker.schedule.StepRates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * The steps of a {@link ParameterUpdate} as kernels of a device take them: numbers for each
 * segment, told anew for every step. Only for what kernels know: rules with a {@link
 * Optimizer#deviceChange}, penalties, decay, a soft threshold, and a bound on the whole gradient's
 * norm.
 */
public final class DeviceSteps {
  private static final Norms UNKNOWN =
      new Norms() {
        @Override
        public double ofParameters() {
          return Double.NaN;
        }

        @Override
        public double ofGradient() {
          return Double.NaN;
        }

        @Override
        public double ofChange(Optimizer.Change change) {
          return Double.NaN;
        }
      };

  private final Optimizer optimizer;
  private final Regularization regularization;
  private final List<Segment> segments;
  private final NetworkRates layers;
  private final double[] scalars;

  /** What a step does with a segment. */
  public enum Role {
    /** It stays as it is. */
    FROZEN,
    /** The rule changes it. */
    LEARNED,
    /** What was measured of it is taken off. */
    STATISTIC
  }

  /**
   * A step of one segment.
   *
   * @param decay the share of the parameters that is taken off behind the rule
   * @param threshold of the soft threshold behind that; 0 for none
   * @param change by the rule
   */
  public record Numbers(
      Role role, float l1, float l2, float decay, float threshold, DeviceChange change) {}

  private DeviceSteps(
      ComputationGraphConfiguration network, List<Segment> segments, OptimizerSettings settings) {
    optimizer = Optimizers.FAMILY.create(settings.rule());
    regularization = settings.regularization();
    this.segments = List.copyOf(segments);
    layers = new NetworkRates(settings.layers(), network, segments);
    scalars = new double[optimizer.scalars().size()];
  }

  /**
   * The steps of an optimizer; empty if kernels do not know all of them.
   *
   * @param segments of the network's flat vector, in its order
   */
  public static Optional<DeviceSteps> of(
      ComputationGraphConfiguration network, List<Segment> segments, OptimizerSettings settings) {
    Regularization wanted = settings.regularization();
    GradientClips clips = wanted.clips();
    boolean isKnown =
        settings.sharpnessRadius() == 0
            && wanted.tangents() == null
            && wanted.noise().gradientVariance() == 0
            && wanted.noise().weightDeviation() == 0
            && wanted.maxNorm().largest() == 0
            && wanted.penalties().orthogonality() == 0
            && clips.value() == 0
            && clips.layerNorm() == 0
            && clips.adaptive() == 0;
    if (!isKnown) {
      return Optional.empty();
    }
    DeviceSteps steps = new DeviceSteps(network, segments, settings);
    boolean isRuleKnown =
        !steps.optimizer.decaysWeights()
            && steps.layers.stages() == 1
            && steps.change(StepRates.of(1), steps.segments.get(0)).isPresent();
    return isRuleKnown ? Optional.of(steps) : Optional.empty();
  }

  private Optional<DeviceChange> change(StepRates rates, Segment segment) {
    return optimizer.deviceChange(
        new SegmentStep(
            segment,
            rates.learningRate() * layers.share(segment),
            rates.momentum().orElse(optimizer.momentum().orElse(0)),
            scalars,
            0,
            0,
            UNKNOWN));
  }

  /** The segments of the flat vector, in its order. */
  public List<Segment> segments() {
    return segments;
  }

  /** The largest norm of the whole gradient; 0 for no bound. */
  public double largestNorm() {
    return regularization.clips().norm();
  }

  /** How many arrays the rule keeps. */
  public int arrays() {
    return optimizer.arrays().size();
  }

  /** Begins a step: what it does with each segment. */
  public List<Numbers> begin(StepRates rates) {
    optimizer.begin(scalars);
    List<Numbers> numbers = new ArrayList<>();
    for (Segment segment : segments) {
      numbers.add(numbers(rates, segment));
    }
    return numbers;
  }

  private Numbers numbers(StepRates rates, Segment segment) {
    Penalties penalties = regularization.penalties();
    boolean isTouched = penalties.touch(segment);
    double rate = rates.learningRate() * layers.share(segment);
    return new Numbers(
        role(segment),
        isTouched ? (float) penalties.l1() : 0,
        isTouched ? (float) penalties.l2() : 0,
        isTouched ? (float) (penalties.weightDecay() * rate) : 0,
        isTouched ? (float) (penalties.l1Proximal() * rate) : 0,
        change(rates, segment).orElseThrow());
  }

  /** What every step does with a segment. */
  public Role role(Segment segment) {
    if (!layers.learns(segment, 0)) {
      return Role.FROZEN;
    }
    return segment.kind() == Kind.RUNNING_STATISTIC ? Role.STATISTIC : Role.LEARNED;
  }

  /** The numbers that the rule keeps between steps; a copy. */
  public float[] scalars() {
    float[] copy = new float[scalars.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = (float) scalars[i];
    }
    return copy;
  }

  /** Overwrites the numbers that the rule keeps. */
  public void setScalars(float[] values) {
    for (int i = 0; i < scalars.length; i++) {
      scalars[i] = values[i];
    }
  }
}
