package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;

/** Mixes a picture with black. */
final class Brightness extends Enhancement {
  static final Component<Augmentation> COMPONENT =
      Component.named("brightness", "makes an image darker or lighter")
          .with(STRENGTH, ALWAYS)
          .createdBy(Brightness::new);

  private Brightness(OptionValues options) {
    super(options);
  }

  @Override
  void enhance(Picture picture, float factor) {
    new ValueTable(value -> mix(0, value, factor)).apply(picture.pixels());
  }
}
