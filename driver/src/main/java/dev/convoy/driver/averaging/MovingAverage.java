package dev.convoy.driver.averaging;

import dev.convoy.worker.optimizer.Segment;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A rule that also keeps an average of what another one comes to from round to round, weights and
 * running statistics alike; training goes on without it. After n rounds a share of min(decay, 1 −
 * 1/n) of the average is kept, so that it never holds the weights before the first round: the plain
 * mean of all rounds for a decay of 1 (Polyak and Juditsky 1992), and else an exponential moving
 * average that begins as one (Tarvainen and Valpola 2017).
 *
 * <p>It is taken once a round, on the driver, and not at every step: workers need not know of it,
 * nothing more crosses the wire, and how many they are does not change what a step weighs.
 *
 * @param rule for the parameters
 * @param decay share of the average that is kept each round, in (0, 1]
 */
public record MovingAverage(AveragingRule rule, double decay) implements AveragingRule {
  private static final String AVERAGE = "moving-average";
  private static final String ROUNDS = "moving-average.rounds";

  /** The average after a round; empty if none is kept. Not to be written to. */
  public static Optional<float[]> of(ModelState state) {
    return Optional.ofNullable(state.averaging().get(AVERAGE));
  }

  @Override
  public float[] start(ModelState before) {
    return rule.start(before);
  }

  @Override
  public Round begin(ModelState before, List<Segment> segments) {
    Round round = rule.begin(before, segments);
    return new Round() {
      @Override
      public void add(float[] parameters, long examples) {
        round.add(parameters, examples);
      }

      @Override
      public Result end() {
        return with(before, round.end());
      }
    };
  }

  private Result with(ModelState before, Result result) {
    float[] rounds = before.averaging().getOrDefault(ROUNDS, new float[1]);
    float[] next = {rounds[0] + 1};
    double kept = Math.min(decay, 1 - 1.0 / next[0]);
    float[] average = before.averaging(AVERAGE).clone();
    for (int i = 0; i < average.length; i++) {
      average[i] = (float) (kept * average[i] + (1 - kept) * result.parameters()[i]);
    }
    SortedMap<String, float[]> arrays = new TreeMap<>(result.arrays());
    arrays.put(AVERAGE, average);
    arrays.put(ROUNDS, next);
    return new Result(result.parameters(), arrays);
  }
}
