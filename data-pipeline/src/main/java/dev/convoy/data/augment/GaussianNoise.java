package dev.convoy.data.augment;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;

/** Adds noise of the same strength to dark and to light. */
final class GaussianNoise {
  private static final Option<Double> DEVIATION =
      Option.number(
          "deviation",
          0.05,
          Range.closed(0, 1),
          "standard deviation of the noise, where black is 0 and white 1");

  static final Component<Augmentation> COMPONENT =
      Component.named("gaussian-noise", "adds a normal number to every value")
          .with(DEVIATION, OccasionalChange.ALWAYS)
          .createdBy(
              options -> {
                double deviation = options.value(DEVIATION);
                return new NormalNoise(options, value -> 255 * deviation);
              });

  private GaussianNoise() {}
}
