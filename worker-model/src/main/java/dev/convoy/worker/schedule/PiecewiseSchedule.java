package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import java.util.Comparator;
import java.util.List;

/** A course that is written out: fractions of the rate at some epochs of the run. */
final class PiecewiseSchedule implements Schedule {
  private static final Option<List<List<Double>>> POINTS =
      Option.of(
          "points",
          new ValueType.ListOf<>(
              new ValueType.ListOf<>(new ValueType.RealNumber(Range.atLeast(0)), 2, 2),
              1,
              Integer.MAX_VALUE),
          List.of(List.of(0, 1)),
          "pairs of an epoch and the share of the rate from then on");

  private static final Option<Boolean> LINEAR =
      Option.flag("linear", false, "straight lines from point to point, rather than steps");

  static final Component<Schedule> COMPONENT =
      Component.named("piecewise", "shares of the rate that are written out, epoch by epoch")
          .with(WarmUp.OPTION, POINTS, LINEAR)
          .createdBy(PiecewiseSchedule::new);

  private final WarmUp warmUp;
  private final List<List<Double>> points;
  private final boolean linear;

  private PiecewiseSchedule(OptionValues options) {
    this.warmUp = WarmUp.of(options);
    this.points =
        options.value(POINTS).stream().sorted(Comparator.comparing(point -> point.get(0))).toList();
    this.linear = options.value(LINEAR);
  }

  @Override
  public double factor(double epochs, double totalEpochs) {
    return warmUp.factor(epochs) * fraction(epochs);
  }

  /** Of epochs since the run began; before the first point, that point's. */
  private double fraction(double epochs) {
    List<Double> before = points.get(0);
    for (List<Double> point : points) {
      if (point.get(0) > epochs) {
        double passed = (epochs - before.get(0)) / (point.get(0) - before.get(0));
        return linear && before != point
            ? before.get(1) + (point.get(1) - before.get(1)) * passed
            : before.get(1);
      }
      before = point;
    }
    return before.get(1);
  }

  @Override
  public double warmUpEpochs() {
    return warmUp.epochs();
  }
}
