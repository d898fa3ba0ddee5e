package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.random.KeyedRandom;

/** Adds images: λ of one and 1 − λ of the other. Pixels are rounded to 8 bits. */
final class Mixup extends NeighbourMixing {
  private static final Option<Double> ALPHA = alpha("alpha", 0.2);

  static final Component<Augmentation> COMPONENT =
      Component.named("mixup", "mixes every image of a batch, and its target, with another one")
          .from(
              "Zhang, Cisse, Dauphin and Lopez-Paz 2018, mixup: beyond empirical risk minimization")
          .with(ALPHA)
          .createdBy(options -> new Mixup(options.value(ALPHA)));

  Mixup(double alpha) {
    super(alpha);
  }

  @Override
  double mix(ImagePart own, ImagePart other, ImageShape shape, double share, KeyedRandom random) {
    byte[] pixels = own.pixels();
    for (int i = 0; i < shape.size(); i++) {
      double kept = share * (pixels[own.from() + i] & 0xff);
      double added = (1 - share) * (other.pixels()[other.from() + i] & 0xff);
      pixels[own.from() + i] = (byte) (kept + added + 0.5);
    }
    return share;
  }
}
