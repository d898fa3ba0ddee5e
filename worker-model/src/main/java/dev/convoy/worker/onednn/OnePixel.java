package dev.convoy.worker.onednn;

/** Vectors, and pixels of images in tiles, seen as images of one pixel, without moving a value. */
final class OnePixel {
  private OnePixel() {}

  /** Images as they are, if they are not in tiles; others as images of one pixel. */
  static Tensor asImages(Tensor values, Plan plan) {
    long[] dimensions = values.dimensions();
    if (plan.isInTiles(values)) {
      long pixels = dimensions[0] * dimensions[2] * dimensions[3];
      return plan.seenAs(
          OneDnn.blockedLayout(OneDnn.preferredBlock(), pixels, dimensions[1], 1, 1), values);
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
