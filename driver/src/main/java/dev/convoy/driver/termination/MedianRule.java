package dev.convoy.driver.termination;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.driver.state.EarlyStopping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * The median stopping rule: a trial ends if its best so far is worse than the median of what the
 * others had come to on average by the same epoch. It depends on what has been seen by then.
 */
final class MedianRule implements TerminationRule {
  private static final Option<Integer> MIN_TRIALS =
      Option.wholeNumber("min-trials", 5, 1, 1_000_000, "other trials that must have come as far");

  static final Component<TerminationRule> COMPONENT =
      Component.named("median", "a trial ends below the median of the others' means so far")
          .from("Golovin et al., Google Vizier: A Service for Black-Box Optimization, 2017")
          .with(MIN_EPOCHS, MIN_TRIALS)
          .createdBy(MedianRule::new);

  private final int minEpochs;
  private final int minTrials;

  private MedianRule(OptionValues options) {
    this.minEpochs = options.value(MIN_EPOCHS);
    this.minTrials = options.value(MIN_TRIALS);
  }

  @Override
  public int firstComparison(int maxEpochs) {
    return minEpochs;
  }

  @Override
  public boolean comparesCurves() {
    return true;
  }

  @Override
  public Scheduler scheduler(int maxEpochs, Scheduler.Limits limits, EarlyStopping.Metric metric) {
    return new CurveComparison(maxEpochs, limits, metric, minEpochs, minTrials);
  }

  /** Every trial in a bracket of its own, and all curves so far. */
  private static final class CurveComparison extends Brackets {
    private final EarlyStopping.Metric metric;
    private final int minEpochs;
    private final int minTrials;
    private final Map<Integer, List<CurvePoint>> curves = new HashMap<>();

    private CurveComparison(
        int maxEpochs, Limits limits, EarlyStopping.Metric metric, int minEpochs, int minTrials) {
      super(Rungs.none(maxEpochs), 2, bracket -> new Shape(1, 0), limits);
      this.metric = metric;
      this.minEpochs = minEpochs;
      this.minTrials = minTrials;
    }

    @Override
    public synchronized void learn(int trial, List<CurvePoint> curve) {
      curves.put(trial, List.copyOf(curve));
    }

    @Override
    public synchronized boolean ends(int trial, List<CurvePoint> curve) {
      learn(trial, curve);
      if (curve.isEmpty() || curve.get(curve.size() - 1).epoch() < minEpochs) {
        return false;
      }
      int epoch = curve.get(curve.size() - 1).epoch();
      double[] others =
          curves.entrySet().stream()
              .filter(entry -> entry.getKey() != trial && reaches(entry.getValue(), epoch))
              .mapToDouble(entry -> meanUntil(entry.getValue(), epoch))
              .toArray();
      return others.length >= minTrials && best(curve) > new Median().evaluate(others);
    }

    private static boolean reaches(List<CurvePoint> curve, int epoch) {
      return !curve.isEmpty() && curve.get(curve.size() - 1).epoch() >= epoch;
    }

    private double meanUntil(List<CurvePoint> curve, int epoch) {
      return curve.stream()
          .filter(point -> point.epoch() <= epoch)
          .mapToDouble(point -> metric.asLoss(point.metric()))
          .average()
          .orElse(Double.POSITIVE_INFINITY);
    }

    private double best(List<CurvePoint> curve) {
      return curve.stream()
          .mapToDouble(point -> metric.asLoss(point.metric()))
          .min()
          .orElse(Double.POSITIVE_INFINITY);
    }
  }
}
