package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.random.KeyedRandom;

/**
 * Pastes a part of one image over another. The part has the image's proportions, 1 − λ of its area,
 * and a middle that lies anywhere; where it reaches over the border, less is pasted, and λ is the
 * share that is left of the image.
 */
final class Cutmix extends NeighbourMixing {
  private static final Option<Double> ALPHA = alpha("alpha", 1);

  static final Component<Augmentation> COMPONENT =
      Component.named("cutmix", "pastes a part of another image over every image of a batch")
          .from(
              "Yun, Han, Oh, Chun, Choe and Yoo 2019, CutMix: regularization strategy to train"
                  + " strong classifiers with localizable features")
          .with(ALPHA)
          .createdBy(options -> new Cutmix(options.value(ALPHA)));

  Cutmix(double alpha) {
    super(alpha);
  }

  @Override
  double mix(ImagePart own, ImagePart other, ImageShape shape, double share, KeyedRandom random) {
    double side = Math.sqrt(1 - share);
    int height = (int) (shape.height() * side);
    int width = (int) (shape.width() * side);
    int top = random.nextInt(shape.height()) - height / 2;
    int left = random.nextInt(shape.width()) - width / 2;
    int bottom = Math.min(shape.height(), top + height);
    int right = Math.min(shape.width(), left + width);
    top = Math.max(0, top);
    left = Math.max(0, left);
    for (int row = 0; row < shape.channels() * shape.height(); row++) {
      int y = row % shape.height();
      if (y >= top && y < bottom) {
        int from = row * shape.width() + left;
        System.arraycopy(
            other.pixels(), other.from() + from, own.pixels(), own.from() + from, right - left);
      }
    }
    return 1 - (double) (bottom - top) * (right - left) / shape.planeSize();
  }
}
