package dev.convoy.driver.averaging;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import java.util.Collections;

/**
 * Elastic averaging (synchronous EASGD): every worker goes on with parameters x of its own, which
 * an elastic force pulls to a centre c, and the centre to them. With p workers and α = β / p, after
 * a round x' = x − α (x − c) and c' = (1 − β) c + β x̄, where x̄ is the workers' mean, weighted by
 * examples. The centre is what is validated and saved.
 *
 * <p>Running statistics of the centre are averaged; workers keep their own.
 */
record ElasticAveraging(double movingRate) implements MeanRule {
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
  public Result next(ModelState before, RoundPlace place, float[] mean, Layout layout) {
    float[] centre = before.parameters();
    for (Learned stretch : layout.learned()) {
      for (int i = stretch.from(); i < stretch.to(); i++) {
        mean[i] = (float) (centre[i] + movingRate * ((double) mean[i] - centre[i]));
      }
    }
    return new Result(mean, Collections.emptySortedMap());
  }
}
