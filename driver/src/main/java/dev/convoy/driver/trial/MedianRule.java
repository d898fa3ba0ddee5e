package dev.convoy.driver.trial;

import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.trial.TrialResult.CurvePoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * The median stopping rule: a trial ends if its best so far is worse than the median of what the
 * others had come to on average by the same epoch (Golovin et al., "Google Vizier", KDD 2017,
 * section 3.2.1). It depends on what has been seen by then. Thread-safe.
 */
public final class MedianRule {
  private final EarlyStopping.Metric metric;
  private final int minEpochs;
  private final int minTrials;
  private final Map<Integer, List<CurvePoint>> curves = new HashMap<>();

  /**
   * The rule.
   *
   * @param minEpochs that every trial is given
   * @param minTrials other trials that must have come as far
   */
  public MedianRule(EarlyStopping.Metric metric, int minEpochs, int minTrials) {
    this.metric = metric;
    this.minEpochs = minEpochs;
    this.minTrials = minTrials;
  }

  /** Takes in a trial's curve so far. */
  synchronized void learn(int trial, List<CurvePoint> curve) {
    curves.put(trial, List.copyOf(curve));
  }

  /** Takes in a trial's curve so far; whether it ends. */
  synchronized boolean ends(int trial, List<CurvePoint> curve) {
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
