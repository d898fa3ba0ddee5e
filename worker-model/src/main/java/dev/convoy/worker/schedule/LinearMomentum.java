package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import java.util.OptionalDouble;

/** Changes along a straight line at the beginning of the run, and stays at what it came to. */
final class LinearMomentum implements MomentumSchedule {
  private static final Option<Double> INITIAL =
      Option.number("initial", 0.5, Range.closedOpen(0, 1), "momentum that the run begins with");

  private static final Option<Double> FINAL =
      Option.number("final", 0.99, Range.closedOpen(0, 1), "momentum that it comes to");

  private static final Option<Double> OVER =
      Option.epochs("over", 10, "time from the one to the other");

  static final Component<MomentumSchedule> COMPONENT =
      Component.named("linear", "changes along a straight line, then stays")
          .from("Srivastava et al., Dropout: A Simple Way to Prevent Overfitting, 2014")
          .with(INITIAL, FINAL, OVER)
          .createdBy(LinearMomentum::new);

  private final double first;
  private final double last;
  private final double over;

  private LinearMomentum(OptionValues options) {
    this.first = options.value(INITIAL);
    this.last = options.value(FINAL);
    this.over = options.value(OVER);
  }

  @Override
  public OptionalDouble momentum(double epochs, double totalEpochs) {
    return OptionalDouble.of(epochs < over ? first + (last - first) * epochs / over : last);
  }
}
