package dev.convoy.driver.averaging;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A rule that also keeps an average of what another one comes to from round to round, weights and
 * running statistics alike; training goes on without it. After n rounds a share of min(decay, 1 −
 * 1/n) of the average is kept, so that it never holds the weights before the first round: the plain
 * mean of all rounds for a decay of 1 (Polyak and Juditsky 1992), and else an exponential moving
 * average that begins as one (Tarvainen and Valpola 2017). It may begin late, and is until then
 * what training has come to: with a decay of 1 and a rate that stays high, stochastic weight
 * averaging (Izmailov et al. 2018).
 *
 * <p>It is taken once a round, on the driver, and not at every step: workers need not know of it,
 * nothing more crosses the wire, and how many they are does not change what a step weighs.
 *
 * @param rule for the parameters
 * @param decay share of the average that is kept each round, in (0, 1]
 * @param start rounds before it begins, at least 0
 */
public record MovingAverage(AveragingRule rule, double decay, long start) implements AveragingRule {
  static final String AVERAGE = "moving-average";

  @Override
  public boolean startsElsewhere() {
    return rule.startsElsewhere();
  }

  @Override
  public boolean keepsParameters() {
    return rule.keepsParameters();
  }

  @Override
  public float[] keep(float[] trained, float[] start, int workers, Layout layout) {
    return rule.keep(trained, start, workers, layout);
  }

  @Override
  public SortedSet<String> remembered() {
    SortedSet<String> names = new TreeSet<>(rule.remembered());
    names.add(AVERAGE);
    return names;
  }

  @Override
  public float[] start(ModelState before) {
    return rule.start(before);
  }

  @Override
  public Round begin(ModelState before, RoundPlace place, Layout layout) {
    Round round = rule.begin(before, place, layout);
    return new Round() {
      @Override
      public void add(float[] parameters, long examples) {
        round.add(parameters, examples);
      }

      @Override
      public Result end() {
        return with(before, place.before(), round.end());
      }
    };
  }

  private Result with(ModelState before, long rounds, Result result) {
    double kept = rounds < start ? 0 : Math.min(decay, 1 - 1.0 / (rounds - start + 1));
    float[] average = before.averaging(AVERAGE).clone();
    for (int i = 0; i < average.length; i++) {
      average[i] = (float) (kept * average[i] + (1 - kept) * result.parameters()[i]);
    }
    SortedMap<String, float[]> arrays = new TreeMap<>(result.arrays());
    arrays.put(AVERAGE, average);
    return new Result(result.parameters(), arrays);
  }
}
