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
 * Momentum from round to round, blockwise model-update filtering: with the mean of the workers'
 * parameters w̄ and the parameters g that they started from, v' = m v + r (w̄ − g), and the next
 * parameters are w' = w + v'. The workers start from w', or with Nesterov's variant from w' + m v'.
 *
 * <p>Running statistics are averaged: momentum could make a variance negative.
 */
record BlockMomentum(double momentum, double rate, boolean nesterov) implements MeanRule {
  private static final String VELOCITY = "velocity";

  private static final Option<Double> MOMENTUM =
      Option.number(
          "momentum",
          0.5,
          Range.closedOpen(0, 1),
          "share of the last round's change that is kept; 1 − 1 / workers in the paper");

  private static final Option<Double> RATE =
      Option.number(
          "block-learning-rate", 1, Range.above(0), "what the round's own change is multiplied by");

  private static final Option<Boolean> NESTEROV =
      Option.flag("nesterov", false, "whether workers start where the momentum leads to");

  static final Component<AveragingRule> COMPONENT =
      Component.named("block-momentum", "the mean, with momentum from round to round")
          .from(
              "Chen and Huo, Scalable Training of Deep Learning Machines by Incremental Block"
                  + " Training with Intra-Block Parallel Optimization and Blockwise Model-Update"
                  + " Filtering, 2016")
          .with(MOMENTUM, RATE, NESTEROV)
          .createdBy(
              options ->
                  new BlockMomentum(
                      options.value(MOMENTUM), options.value(RATE), options.value(NESTEROV)));

  @Override
  public boolean startsElsewhere() {
    return nesterov;
  }

  @Override
  public SortedSet<String> remembered() {
    return new TreeSet<>(Set.of(VELOCITY));
  }

  @Override
  public float[] start(ModelState before) {
    if (!nesterov) {
      return before.parameters();
    }
    float[] start = before.parameters().clone();
    float[] velocity = before.averaging(VELOCITY);
    for (int i = 0; i < start.length; i++) {
      start[i] = (float) (start[i] + momentum * velocity[i]);
    }
    return start;
  }

  @Override
  public Result next(ModelState before, RoundPlace place, float[] next, Layout layout) {
    float[] start = start(before);
    float[] velocity = before.averaging(VELOCITY).clone();
    for (Learned stretch : layout.learned()) {
      for (int i = stretch.from(); i < stretch.to(); i++) {
        velocity[i] = (float) (momentum * velocity[i] + rate * ((double) next[i] - start[i]));
        next[i] = before.parameters()[i] + velocity[i];
      }
    }
    return new Result(next, new TreeMap<>(Map.of(VELOCITY, velocity)));
  }
}
