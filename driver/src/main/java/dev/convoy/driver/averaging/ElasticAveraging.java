package dev.convoy.driver.averaging;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import java.util.Collections;

/**
 * Elastic averaging (EASGD): every worker goes on with parameters x of its own, which an elastic
 * force pulls to a centre c, and the centre to them alike. With p workers and α = β / p, after a
 * round x' = x − α (x − c) and c' = c + Σ α (x − c), which is (1 − β) c + β x̄ with the workers'
 * mean x̄. A worker whose images did not last for the round, as those of smaller shards at the end
 * of an epoch, neither pulls nor is pulled, as in the paper's asynchronous form. The centre is what
 * is validated and saved.
 *
 * <p>Running statistics of the centre are averaged, weighted by examples, where workers without
 * images count as being at the centre; workers keep their own.
 */
record ElasticAveraging(double movingRate) implements AveragingRule {
  private static final Option<Double> MOVING_RATE =
      Option.number(
          "moving-rate",
          0.9,
          Range.openClosed(0, 1),
          "β: the share of the way to the workers' mean that the centre moves in a round");

  static final Component<AveragingRule> COMPONENT =
      Component.named("elastic", "workers keep their own parameters, elastically tied to a centre")
          .from("Zhang, Choromanska and LeCun, Deep Learning with Elastic Averaging SGD, 2015")
          .with(MOVING_RATE)
          .createdBy(options -> new ElasticAveraging(options.value(MOVING_RATE)));

  @Override
  public boolean keepsParameters() {
    return true;
  }

  @Override
  public float[] keep(float[] trained, float[] start, int workers, Layout layout) {
    double alpha = movingRate / workers;
    float[] kept = trained.clone();
    for (Learned stretch : layout.learned()) {
      for (int i = stretch.from(); i < stretch.to(); i++) {
        kept[i] = (float) (trained[i] - alpha * ((double) trained[i] - start[i]));
      }
    }
    return kept;
  }

  @Override
  public Round begin(ModelState before, RoundPlace place, Layout layout) {
    WeightedMean learned = new WeightedMean();
    WeightedMean measured = new WeightedMean();
    BetweenWorkers between = new BetweenWorkers(layout.moments());
    return new Round() {
      private int trained;

      @Override
      public void add(float[] parameters, long examples) {
        trained++;
        learned.add(parameters, 1);
        measured.add(layout.measured(parameters), examples);
        between.add(parameters, examples);
      }

      @Override
      public Result end() {
        float[] mean = layout.withMeasured(measured.mean(), before.parameters().length);
        between.addTo(mean);
        double share = (double) trained / place.workers();
        float[] centre = moved(before.parameters(), mean, share);
        float[] pulled = moved(before.parameters(), learned.mean(), movingRate * share);
        for (Learned stretch : layout.learned()) {
          System.arraycopy(
              pulled, stretch.from(), centre, stretch.from(), stretch.to() - stretch.from());
        }
        return new Result(centre, Collections.emptySortedMap());
      }
    };
  }

  /** A share of the way from one place to another, which is that one if it is all. */
  private static float[] moved(float[] from, float[] to, double share) {
    float[] moved = to.clone();
    for (int i = 0; share < 1 && i < moved.length; i++) {
      moved[i] = (float) (from[i] + share * ((double) to[i] - from[i]));
    }
    return moved;
  }
}
