package dev.convoy.worker.onednn;

import org.bytedeco.dnnl.memory;

/**
 * A batch of images, seen as one image that has every image's channels as its own, without moving a
 * value. A primitive that treats channels apart then treats each channel of each image apart: a
 * row.
 *
 * @param batch the images, in a layout that can be seen so
 * @param block how many channels of a pixel lie side by side; 1 if planes do
 */
record OneImage(Tensor batch, long block) {
  /** The images as they lie, or else a plain copy. */
  static OneImage of(Tensor images, Plan plan) {
    long block = OneDnn.channelBlock(images.layout());
    return block > 1 && images.dimension(1) % block == 0
        ? new OneImage(images, block)
        : new OneImage(plan.inLayout(images, OneDnn.plainLayout(images.dimensions())), 1);
  }

  /** Images times channels. */
  int rows() {
    return Math.toIntExact(batch.dimension(0) * batch.dimension(1));
  }

  /** How the batch is seen. */
  memory.desc layout() {
    return layout(batch.dimension(2), batch.dimension(3));
  }

  /** How so many pixels of each row are seen. */
  memory.desc layout(long height, long width) {
    return block > 1
        ? OneDnn.blockedLayout(block, 1, rows(), height, width)
        : OneDnn.plainLayout(1, rows(), height, width);
  }
}
