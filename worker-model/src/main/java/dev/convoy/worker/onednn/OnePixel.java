package dev.convoy.worker.onednn;

/** Vectors seen as images of one pixel, without moving a value. */
final class OnePixel {
  private OnePixel() {}

  /** Images as they are; vectors as images of one pixel. */
  static Tensor asImages(Tensor values, Plan plan) {
    long[] dimensions = values.dimensions();
    if (dimensions.length > 2) {
      return values;
    }
    Tensor plain = plan.inLayout(values, OneDnn.plainLayout(dimensions));
    return plan.seenAs(OneDnn.channelsLastLayout(dimensions[0], dimensions[1], 1, 1), plain);
  }

  /** Images as others are, or vectors if those are. */
  static Tensor like(Tensor others, Tensor images, Plan plan) {
    long[] dimensions = others.dimensions();
    return dimensions.length > 2
        ? images
        : plan.seenAs(OneDnn.plainLayout(dimensions[0], dimensions[1]), images);
  }
}
