package dev.convoy.driver.search.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The share of a function's variance in which each variable takes part, alone or together with
 * others: Sobol's total effect, E[Var(f | all but x)] / Var(f), by the estimator of Jansen
 * ("Analysis of variance designs for model output", Computer Physics Communications 117, 1999):
 * half the mean squared change of f when x takes the value of another point, over the variance of
 * f.
 *
 * <p>Where a variable is not active it cannot change, which counts as no change; so one that is
 * active in a tenth of the space cannot take part in more than happens there. A change takes what
 * it switches on and off along ({@link Conditions}).
 */
final class TotalEffects {
  private TotalEffects() {}

  /**
   * The total effect of each variable, in the order of the names.
   *
   * @param points drawn independently; at least two
   * @param seed of the permutations that pair points
   * @return empty if the function is constant on the points
   */
  static Optional<Map<String, Double>> of(
      ToDoubleFunction<Map<String, Object>> function,
      List<String> names,
      List<Map<String, Object>> points,
      long seed) {
    double[] values = points.stream().mapToDouble(function).toArray();
    double variance = variance(values);
    if (!(variance > 0)) {
      return Optional.empty();
    }
    Conditions conditions = Conditions.of(points);
    Random random = new Random(seed);
    Map<String, Double> effects = new LinkedHashMap<>();
    for (String name : names) {
      List<Integer> active = activeInRandomOrder(name, points, random);
      double change = 0;
      for (int i = 0; i < active.size(); i++) {
        int point = active.get(i);
        int other = active.get((i + 1) % active.size());
        double replaced =
            function.applyAsDouble(conditions.replace(name, points.get(point), points.get(other)));
        change += Math.pow(replaced - values[point], 2);
      }
      effects.put(name, change / points.size() / (2 * variance));
    }
    return Optional.of(effects);
  }

  private static List<Integer> activeInRandomOrder(
      String name, List<Map<String, Object>> points, Random random) {
    List<Integer> active =
        IntStream.range(0, points.size())
            .filter(point -> points.get(point).containsKey(name))
            .boxed()
            .collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(active, random);
    return active;
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    return Arrays.stream(values).map(value -> Math.pow(value - mean, 2)).sum()
        / (values.length - 1);
  }
}
