package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.image.Projection;
import dev.convoy.data.image.Warp;
import dev.convoy.data.random.KeyedRandom;

/**
 * Shows a picture as if it were seen from another place: its corners move inwards, each by itself,
 * as in torchvision's {@code RandomPerspective}.
 */
final class Perspective extends InterpolatedWarp {
  private static final Option<Double> DISTORTION =
      Option.number(
          "distortion",
          0.5,
          Range.closed(0, 1),
          "how far corners move inwards at most, as a share of half the width, or height");

  static final Component<Augmentation> COMPONENT =
      Component.named("perspective", "shows an image as if it were seen from another place")
          .with(DISTORTION, INTERPOLATION, PADDING_MODE, HALF)
          .createdBy(Perspective::new);

  private final double distortion;

  private Perspective(OptionValues options) {
    super(options, HALF);
    this.distortion = options.value(DISTORTION);
  }

  @Override
  Warp mapping(ImageShape picture, KeyedRandom random) {
    return by(picture, draw(picture, random));
  }

  /** Draws where the corners come to lie; whole pixels. */
  double[] draw(ImageShape picture, KeyedRandom random) {
    int halfWidth = picture.width() / 2;
    int halfHeight = picture.height() / 2;
    int across = (int) (distortion * halfWidth) + 1;
    int down = (int) (distortion * halfHeight) + 1;
    double[] corners = corners(picture);
    int[] inwards = {1, 1, -1, 1, -1, -1, 1, -1};
    for (int i = 0; i < corners.length; i++) {
      corners[i] += inwards[i] * random.nextInt(i % 2 == 0 ? across : down);
    }
    return corners;
  }

  /**
   * A picture whose corners lie elsewhere; the picture itself where they lie on a line, as those of
   * a picture of one row do.
   *
   * @param corners x and y of the top left, top right, bottom right and bottom left one
   */
  static Warp by(ImageShape picture, double... corners) {
    return Projection.between(corners, corners(picture))
        .map(seen -> Warp.of(picture, seen))
        .orElse(Warp.none(picture));
  }

  private static double[] corners(ImageShape picture) {
    int right = picture.width() - 1;
    int bottom = picture.height() - 1;
    return new double[] {0, 0, right, 0, right, bottom, 0, bottom};
  }
}
