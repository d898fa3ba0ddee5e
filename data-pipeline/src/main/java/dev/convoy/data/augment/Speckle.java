package dev.convoy.data.augment;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;

/** Adds noise in proportion to the values: black stays black. */
final class Speckle {
  private static final Option<Double> DEVIATION =
      Option.number(
          "deviation",
          0.1,
          Range.closed(0, 1),
          "standard deviation of the noise, as a share of the value that it is added to");

  static final Component<Augmentation> COMPONENT =
      Component.named("speckle", "multiplies every value by a normal number around 1")
          .with(DEVIATION, OccasionalChange.ALWAYS)
          .createdBy(
              options -> {
                double deviation = options.value(DEVIATION);
                return new NormalNoise(options, value -> deviation * value);
              });

  private Speckle() {}
}
