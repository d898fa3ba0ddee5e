package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.OptionalDouble;

/**
 * Rises by steps from ½ towards 1: 1 − 2^(−1 − log₂(n + 1)) = 1 − 1 / (2 (n + 1)) after n periods,
 * and no further than to the highest. The paper's period is 250 steps.
 */
final class IncreasingMomentum implements MomentumSchedule {
  private static final Option<Double> HIGHEST =
      Option.number("highest", 0.99, Range.closedOpen(0, 1), "momentum that it rises to at most");

  private static final Option<Double> PERIOD =
      Option.epochs("period", 1, Range.above(0), "time from one rise to the next");

  static final Component<MomentumSchedule> COMPONENT =
      Component.named("increasing", "rises from 0.5 as 1 - 1 / (2 (n + 1)) after n periods")
          .from(
              "Sutskever et al., On the Importance of Initialization and Momentum in Deep Learning,"
                  + " 2013")
          .with(HIGHEST, PERIOD)
          .createdBy(IncreasingMomentum::new);

  private final double highest;
  private final double period;

  private IncreasingMomentum(OptionValues options) {
    this.highest = options.value(HIGHEST);
    this.period = options.value(PERIOD);
  }

  @Override
  public OptionalDouble momentum(double epochs, double totalEpochs) {
    double periods = Periods.whole(epochs / period);
    return OptionalDouble.of(Math.min(highest, 1 - 1 / (2 * (periods + 1))));
  }
}
