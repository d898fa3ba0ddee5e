package dev.convoy.driver.search.report;

import dev.convoy.driver.trial.TrialEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How much each hyperparameter matters over the whole space: the share of the metric's variance in
 * which it takes part ({@link TotalEffects}), after a surrogate learned from the trials ({@link
 * Surrogate}); the idea of Hutter, Hoos and Leyton-Brown, "An Efficient Approach for Assessing
 * Hyperparameter Importance", ICML 2014.
 *
 * <p>The surrogate learns the rank of each trial's metric, not the metric: a trial that diverged is
 * then last and no more, by however much it diverged, and the trials that did not still differ.
 * Ranks also make the answer the same for an error and its logarithm. The price: the shares are of
 * the variance of ranks, so a gap between good and bad trials counts by their number, not its
 * width.
 *
 * <p>Trials that ended early count with the metric that they had.
 *
 * @param shares of each hyperparameter, the largest first; at least 0; interactions count for all
 *     that take part, so the sum can be above 1
 * @param surrogateFit cross-validated R² of the surrogate on ranks, at most 1: how far to trust the
 *     shares
 * @param trials that the surrogate learned from
 */
public record Importance(List<Share> shares, double surrogateFit, int trials) {
  /** With fewer trials that have a metric there is no importance. */
  public static final int MIN_TRIALS = 10;

  // More cost time (the forest's grows faster than they) and tell little more.
  private static final int MAX_TRIALS = 1000;
  private static final int DRAWS = 2000;

  /**
   * A hyperparameter's.
   *
   * @param name of its axis
   * @param share of the variance in which it takes part
   */
  public record Share(String name, double share) {}

  /**
   * The importance of hyperparameters. The same arguments give the same answer.
   *
   * @param trials those without a metric, or whose metric is NaN, are left out; of more than a
   *     thousand others, a thousand drawn by the seed are used
   * @param draws the values of the i-th point drawn from the space, independent of the others, for
   *     i from 0 to 1,999
   * @return empty if fewer than {@value #MIN_TRIALS} trials have a metric, all have the same, or it
   *     does not depend on any hyperparameter
   * @throws IllegalArgumentException if a value is not of its axis
   */
  public static Optional<Importance> of(
      List<Axis> axes, List<TrialEvent> trials, IntFunction<Map<String, Object>> draws, long seed) {
    List<TrialEvent> measured = measured(trials, seed);
    double[] ranks =
        ranks(
            measured.stream()
                .mapToDouble(trial -> trial.result().score().metric().getAsDouble())
                .toArray());
    if (axes.isEmpty()
        || measured.size() < MIN_TRIALS
        || Arrays.stream(ranks).distinct().count() < 2) {
      return Optional.empty();
    }
    List<Map<String, Object>> points = IntStream.range(0, DRAWS).mapToObj(draws).toList();
    Encoding encoding =
        Encoding.of(
            axes,
            Stream.concat(measured.stream().map(TrialEvent::values), points.stream()).toList());
    double[][] inputs =
        measured.stream().map(trial -> encoding.encode(trial.values())).toArray(double[][]::new);
    Surrogate surrogate = Surrogate.fit(inputs, ranks, seed);
    return TotalEffects.of(
            point -> surrogate.applyAsDouble(encoding.encode(point)),
            axes.stream().map(Axis::name).toList(),
            points,
            seed)
        .map(
            effects ->
                new Importance(
                    descending(effects),
                    Surrogate.crossValidatedFit(inputs, ranks, seed),
                    measured.size()));
  }

  private static List<TrialEvent> measured(List<TrialEvent> trials, long seed) {
    List<TrialEvent> measured =
        new ArrayList<>(
            trials.stream()
                .filter(trial -> !Double.isNaN(trial.result().score().metric().orElse(Double.NaN)))
                .toList());
    if (measured.size() <= MAX_TRIALS) {
      return measured;
    }
    Collections.shuffle(measured, new Random(seed));
    return measured.subList(0, MAX_TRIALS);
  }

  /** From above 0 to below 1; equal metrics share the mean of their ranks. */
  private static double[] ranks(double[] metrics) {
    double[] ranks = new double[metrics.length];
    for (int i = 0; i < metrics.length; i++) {
      double metric = metrics[i];
      long below = Arrays.stream(metrics).filter(other -> other < metric).count();
      long equal = Arrays.stream(metrics).filter(other -> other == metric).count();
      ranks[i] = (below + equal / 2.0) / metrics.length;
    }
    return ranks;
  }

  private static List<Share> descending(Map<String, Double> effects) {
    return effects.entrySet().stream()
        .map(effect -> new Share(effect.getKey(), effect.getValue()))
        .sorted(Comparator.comparingDouble(Share::share).reversed().thenComparing(Share::name))
        .toList();
  }
}
