package dev.convoy.worker.cuda;

import dev.convoy.worker.graph.Shape;

/** Images as rows of their values, in the order channel, row, column. */
final class ImageRows {
  private ImageRows() {}

  /** The values of each image one after the other: itself, or a copy. */
  static DeviceTensor of(CudaPlan plan, DeviceTensor images) {
    if (images.plane() == 1) {
      return images;
    }
    DeviceTensor rows =
        DeviceTensor.of(images.images(), Shape.vector(images.shape().values()), images.type());
    transpose(plan, images, rows, images.plane(), images.channels());
    return rows;
  }

  /** The gradient of images from that of their rows. */
  static DeviceTensor backward(CudaPlan plan, DeviceTensor images, DeviceTensor ofRows) {
    if (images.plane() == 1) {
      return ofRows;
    }
    DeviceTensor ofImages = DeviceTensor.of(images.images(), images.shape(), ofRows.type());
    transpose(plan, ofRows, ofImages, images.channels(), images.plane());
    return ofImages;
  }

  /** Axes [image, row, column] to [image, column, row]. */
  private static void transpose(
      CudaPlan plan, DeviceTensor from, DeviceTensor to, int rows, int columns) {
    plan.launch(
        "transpose", from.type(), Grid.of(from.size()), from, to, from.size(), rows, columns);
  }
}
