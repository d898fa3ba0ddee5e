package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.random.KeyedRandom;

/**
 * Changes brightness, contrast, saturation and hue in random order, as torchvision's {@code
 * ColorJitter}.
 */
final class ColorJitter extends OccasionalChange {
  private static final Option<Double> BRIGHTNESS = strength("brightness");
  private static final Option<Double> CONTRAST = strength("contrast");
  private static final Option<Double> SATURATION = strength("saturation");

  private static final Option<Double> HUE =
      Option.number(
          "hue",
          0.1,
          Range.closed(0, Hue.HALF_A_TURN),
          "hues are turned by a uniformly drawn part of a circle, from -hue to hue");

  static final Component<Augmentation> COMPONENT =
      Component.named("color-jitter", "changes brightness, contrast, saturation and hue")
          .with(BRIGHTNESS, CONTRAST, SATURATION, HUE, ALWAYS)
          .createdBy(ColorJitter::new);

  private final double brightness;
  private final double contrast;
  private final double saturation;
  private final double hue;

  private ColorJitter(OptionValues options) {
    super(options, ALWAYS);
    this.brightness = options.value(BRIGHTNESS);
    this.contrast = options.value(CONTRAST);
    this.saturation = options.value(SATURATION);
    this.hue = options.value(HUE);
  }

  private static Option<Double> strength(String name) {
    return Option.number(
        name,
        0.4,
        Range.closed(0, 10),
        "its factors are drawn uniformly from 1 - " + name + ", at least 0, to 1 + " + name);
  }

  @Override
  Picture change(Picture picture, KeyedRandom random) {
    float brighter = Enhancement.factor(brightness, random);
    float richer = Enhancement.factor(contrast, random);
    float moreColourful = Enhancement.factor(saturation, random);
    double turns = Hue.draw(hue, random);
    int[] order = {0, 1, 2, 3};
    random.shuffle(order);
    for (int step : order) {
      switch (step) {
        case 0 -> Brightness.enhance(picture, brighter);
        case 1 -> Contrast.enhance(picture, richer);
        case 2 -> Saturation.enhance(picture, moreColourful);
        default -> Hue.turn(picture, turns);
      }
    }
    return picture;
  }
}
