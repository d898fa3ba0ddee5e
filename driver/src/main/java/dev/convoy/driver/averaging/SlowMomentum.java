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
 * Slow momentum (SlowMo): with the mean of the workers' parameters w̄, the parameters w that they
 * started from and the mean γ of the learning rates of the round's steps, u' = β u + (w − w̄) / γ,
 * and the next parameters are w' = w − α γ u'. Where the learning rate stays the same it is {@link
 * BlockMomentum} with α and β for its rate and momentum; where it falls, what the momentum carries
 * on falls with it.
 *
 * <p>Running statistics are averaged. In a round whose rate is 0, such as the first of a warm-up if
 * rounds have one batch, the mean is taken, which is where the workers started but for its
 * statistics.
 */
record SlowMomentum(double beta, double alpha) implements MeanRule {
  private static final String MOMENTUM = "slow-momentum";

  private static final Option<Double> BETA =
      Option.number(
          "momentum",
          0.7,
          Range.closedOpen(0, 1),
          "share of the slow momentum that is kept from round to round; 0.4 to 0.8 in the paper");

  private static final Option<Double> ALPHA =
      Option.number(
          "slow-learning-rate", 1, Range.above(0), "what the slow momentum is multiplied by");

  static final Component<AveragingRule> COMPONENT =
      Component.named("slowmo", "the mean, with momentum in units of the learning rate")
          .from(
              "Wang et al., SlowMo: Improving Communication-Efficient Distributed SGD with Slow"
                  + " Momentum, 2020")
          .with(BETA, ALPHA)
          .createdBy(options -> new SlowMomentum(options.value(BETA), options.value(ALPHA)));

  @Override
  public SortedSet<String> remembered() {
    return new TreeSet<>(Set.of(MOMENTUM));
  }

  @Override
  public Result next(ModelState before, RoundPlace place, float[] mean, Layout layout) {
    double rate = place.learningRate();
    float[] momentum = before.averaging(MOMENTUM).clone();
    for (Learned stretch : layout.learned()) {
      for (int i = stretch.from(); rate > 0 && i < stretch.to(); i++) {
        float start = before.parameters()[i];
        momentum[i] = (float) (beta * momentum[i] + ((double) start - mean[i]) / rate);
        mean[i] = (float) (start - alpha * rate * momentum[i]);
      }
    }
    return new Result(mean, new TreeMap<>(Map.of(MOMENTUM, momentum)));
  }
}
