package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.random.KeyedRandom;

/** Raises values to a power, as torchvision's {@code adjust_gamma}. */
final class Gamma extends OccasionalChange {
  private static final Option<Double> MAX_GAMMA =
      Option.number(
          "max-gamma",
          1.5,
          Range.closed(1, 10),
          "exponents are drawn log-uniformly from 1 / max-gamma, lighter, to max-gamma, darker");

  static final Component<Augmentation> COMPONENT =
      Component.named("gamma", "raises every value to a power, which changes the middle tones most")
          .with(MAX_GAMMA, ALWAYS)
          .createdBy(Gamma::new);

  /** Just below 256, so that every result is met equally often by an exponent of 1. */
  private static final double LEVELS = 255.999;

  private final double maxLogGamma;

  private Gamma(OptionValues options) {
    super(options, ALWAYS);
    this.maxLogGamma = StrictMath.log(options.value(MAX_GAMMA));
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    table(draw(random)).apply(picture.pixels());
    return picture;
  }

  /** Draws an exponent. */
  double draw(KeyedRandom random) {
    return StrictMath.exp(random.nextDouble(-maxLogGamma, maxLogGamma));
  }

  static ValueTable table(double gamma) {
    return new ValueTable(value -> (int) (LEVELS * StrictMath.pow(value / 255.0, gamma)));
  }
}
