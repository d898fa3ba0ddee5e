package dev.convoy.worker.cuda;

import dev.convoy.data.Text;
import dev.convoy.worker.arena.Storage;
import dev.convoy.worker.graph.Shape;

/**
 * Values of a batch on the device, axes [image, row, column, channel].
 *
 * @param images in the batch
 * @param shape of an image's values
 * @param storage the place
 */
record DeviceTensor(int images, Shape shape, ValueFormat type, Storage<PlanMemory> storage)
    implements Address {
  /** Kernels count values in 31 bits, and step over them. */
  private static final long MOST_VALUES = 1L << 30;

  static DeviceTensor of(int images, Shape shape, ValueFormat type) {
    long values = images * shape.values();
    if (values > MOST_VALUES) {
      throw new DeviceMemoryException(
          Text.of(
              "Cannot compute on a GPU: a layer's result has %d values in a batch of %d, at most"
                  + " %d can be; a smaller training.batch-size has fewer.",
              values, images, MOST_VALUES));
    }
    return new DeviceTensor(images, shape, type, Storage.ofPlan(values * type.bytes()));
  }

  /** Bytes that kernels of ours do not read: any number of them. */
  static DeviceTensor ofBytes(long bytes) {
    return new DeviceTensor(
        1, Shape.vector(bytes / Float.BYTES), ValueFormat.FLOAT32, Storage.ofPlan(bytes));
  }

  @Override
  public long get() {
    return storage.place().address() + storage.offset();
  }

  /** How many values. */
  int size() {
    return Math.toIntExact(images * shape.values());
  }

  int channels() {
    return Math.toIntExact(shape.channels());
  }

  /** Pixels of an image. */
  int plane() {
    return Math.toIntExact(shape.height() * shape.width());
  }

  /** Pixels of all images: rows of a matrix whose columns are the channels. */
  int rows() {
    return images * plane();
  }
}
