package dev.convoy.driver.averaging;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * DiLoCo: the change of a round is a gradient for an outer optimizer, SGD with Nesterov's momentum.
 * With the mean of the workers' parameters w̄ and the parameters w that they started from, the
 * outer gradient is Δ = w − w̄, the velocity v' = μ v + Δ, and the next parameters are w' = w − η
 * (Δ + μ v'). The paper trains with AdamW within rounds, and with μ = 0.9, η = 0.7 between them.
 *
 * <p>Running statistics are averaged.
 */
record OuterNesterov(double momentum, double rate) implements MeanRule {
  private static final String VELOCITY = "outer-velocity";

  private static final Option<Double> MOMENTUM =
      Option.number(
          "momentum", 0.9, Range.closedOpen(0, 1), "share of the last rounds' change that is kept");

  private static final Option<Double> RATE =
      Option.number(
          "outer-learning-rate", 0.7, Range.above(0), "what the outer step is multiplied by");

  static final Component<AveragingRule> COMPONENT =
      Component.named("diloco", "a step of SGD with Nesterov's momentum along the mean change")
          .from(
              "Douillard et al., DiLoCo: Distributed Low-Communication Training of Language Models,"
                  + " 2023")
          .with(MOMENTUM, RATE)
          .createdBy(options -> new OuterNesterov(options.value(MOMENTUM), options.value(RATE)));

  @Override
  public SortedSet<String> remembered() {
    return new TreeSet<>(Set.of(VELOCITY));
  }

  @Override
  public Result next(ModelState before, RoundPlace place, float[] mean, Layout layout) {
    float[] velocity = before.averaging(VELOCITY).clone();
    for (Learned stretch : layout.learned()) {
      for (int i = stretch.from(); i < stretch.to(); i++) {
        float start = before.parameters()[i];
        double gradient = (double) start - mean[i];
        velocity[i] = (float) (momentum * velocity[i] + gradient);
        mean[i] = (float) (start - rate * (gradient + momentum * velocity[i]));
      }
    }
    return new Result(mean, new TreeMap<>(Map.of(VELOCITY, velocity)));
  }
}
