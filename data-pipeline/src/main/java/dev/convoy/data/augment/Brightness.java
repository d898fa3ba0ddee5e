package dev.convoy.data.augment;

import dev.convoy.data.Picture;
import dev.convoy.data.component.Component;

/** Mixes a picture with black. */
final class Brightness {
  static final Component<Augmentation> COMPONENT =
      Component.named("brightness", "makes an image darker or lighter")
          .with(Enhancement.STRENGTH, OccasionalChange.ALWAYS)
          .createdBy(options -> new Enhancement(options, Brightness::enhance));

  private Brightness() {}

  /** Changes a picture in place; see {@link Enhancement}. */
  static void enhance(Picture picture, float factor) {
    new ValueTable(value -> Enhancement.mix(0, value, factor)).apply(picture.pixels());
  }
}
