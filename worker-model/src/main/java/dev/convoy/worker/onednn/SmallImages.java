package dev.convoy.worker.onednn;

/**
 * Vectors, seen as images of one pixel, and images in tiles, seen as many images of two, without
 * moving a value. Of images of one pixel oneDNN's normalisations take a third longer; of those of
 * 16 with channels side by side five times as long with AVX2.
 */
final class SmallImages {
  private static final int PIXELS_OF_TILES = 2;

  private SmallImages() {}

  /** Images as they are, if they are not in tiles; others as small images, channels last. */
  static Tensor of(Tensor values, Plan plan) {
    long[] dimensions = values.dimensions();
    if (plan.isInTiles(values)) {
      long pixels = dimensions[0] * dimensions[2] * dimensions[3];
      return plan.seenAs(
          OneDnn.channelsLastLayout(pixels / PIXELS_OF_TILES, dimensions[1], PIXELS_OF_TILES, 1),
          values);
    }
    if (dimensions.length > 2) {
      return values;
    }
    Tensor plain = plan.inLayout(values, OneDnn.plainLayout(dimensions));
    return plan.seenAs(OneDnn.channelsLastLayout(dimensions[0], dimensions[1], 1, 1), plain);
  }

  /** Images as others are, in tiles if those are, or vectors. */
  static Tensor like(Tensor others, Tensor images, Plan plan) {
    long[] dimensions = others.dimensions();
    if (plan.isInTiles(others)) {
      return plan.seenAs(others.layout(), images);
    }
    return dimensions.length > 2
        ? images
        : plan.seenAs(OneDnn.plainLayout(dimensions[0], dimensions[1]), images);
  }
}
