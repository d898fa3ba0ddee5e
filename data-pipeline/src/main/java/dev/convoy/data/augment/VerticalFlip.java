package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.image.Projection;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/** Mirrors an image top to bottom with some probability. */
final class VerticalFlip extends OccasionalWarp {
  static final Component<Augmentation> COMPONENT =
      Component.named("vertical-flip", "mirrors an image top to bottom")
          .with(HALF)
          .createdBy(VerticalFlip::new);

  private VerticalFlip(OptionValues options) {
    super(options, HALF);
  }

  @Override
  Warp warp(ImageShape picture, KeyedRandom random) {
    return of(picture);
  }

  /** A picture's mirror image. */
  static Warp of(ImageShape picture) {
    return Warp.of(picture, Projection.affine(1, 0, 0, 0, -1, picture.height()));
  }
}
