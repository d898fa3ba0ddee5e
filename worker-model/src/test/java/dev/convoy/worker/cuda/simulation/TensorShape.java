package dev.convoy.worker.cuda.simulation;

import dev.convoy.worker.cuda.api.Dnn;

/**
 * A packed tensor of four axes: images or filters, channels, rows, columns.
 *
 * @param order {@link Dnn#NCHW} or {@link Dnn#NHWC}
 */
record TensorShape(int order, FloatFormat format, int images, int channels, int height, int width) {
  int elements() {
    return Math.multiplyExact(
        Math.multiplyExact(images, channels), Math.multiplyExact(height, width));
  }

  long bytes() {
    return (long) elements() * format.bytes();
  }

  private boolean channelsLast() {
    return order == Dnn.NHWC;
  }

  /** How far apart two channels of a pixel are. */
  int channelStep() {
    return channelsLast() ? 1 : height * width;
  }

  /** Where a value is. */
  int index(int image, int channel, int row, int column) {
    return channelsLast()
        ? ((image * height + row) * width + column) * channels + channel
        : ((image * channels + channel) * height + row) * width + column;
  }
}
