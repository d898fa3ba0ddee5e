package dev.convoy.worker.loss;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;

/** The mean of half the squares of small deviations, and of d (|r| - d/2) for large ones r. */
record Huber(double delta) implements DeviationLoss {
  private static final Option<Double> DELTA =
      Option.number("delta", 1, Range.above(0), "size of deviations from which on they are large");

  static final Component<Loss> COMPONENT =
      Component.named("huber", "squares of small deviations, sizes of large ones")
          .from("Huber, \"Robust estimation of a location parameter\", 1964")
          .with(DELTA)
          .createdBy(options -> new Huber(options.value(DELTA)));

  @Override
  public double loss(double deviation) {
    double size = Math.abs(deviation);
    return size <= delta ? size * size / 2 : delta * (size - delta / 2);
  }

  @Override
  public double slope(double deviation) {
    return Math.max(-delta, Math.min(deviation, delta));
  }
}
