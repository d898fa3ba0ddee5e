package dev.convoy.data.augment;

import dev.convoy.data.ImageShape;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.random.KeyedRandom;
import java.util.Optional;

/**
 * A part of a picture with a random area, aspect and place: the area is uniform, the aspect
 * log-uniform, and the place uniform over those where the part lies within the picture.
 */
final class RandomBox {
  private static final int ATTEMPTS = 10;

  private final double minArea;
  private final double areaRange;
  private final double maxLogAspect;

  /**
   * Describes the parts.
   *
   * @param minArea least share of the picture's area
   * @param maxArea largest share; below {@code minArea} it is that
   * @param maxAspect how many times wider or narrower than asked for a part is at most, at least 1
   */
  RandomBox(double minArea, double maxArea, double maxAspect) {
    this.minArea = minArea;
    this.areaRange = Math.max(0, maxArea - minArea);
    this.maxLogAspect = StrictMath.log(maxAspect);
  }

  /**
   * Draws a part; empty if ten in a row were larger than the picture.
   *
   * @param aspect width over height that aspects lie around
   */
  Optional<CropBox> draw(ImageShape picture, double aspect, KeyedRandom random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = (minArea + areaRange * random.nextDouble()) * picture.planeSize();
      double drawn = aspect * StrictMath.exp(random.nextDouble(-maxLogAspect, maxLogAspect));
      int width = (int) Math.round(Math.sqrt(area * drawn));
      int height = (int) Math.round(Math.sqrt(area / drawn));
      if (width >= 1 && width <= picture.width() && height >= 1 && height <= picture.height()) {
        int top = random.nextInt(picture.height() - height + 1);
        int left = random.nextInt(picture.width() - width + 1);
        return Optional.of(new CropBox(top, left, height, width));
      }
    }
    return Optional.empty();
  }
}
