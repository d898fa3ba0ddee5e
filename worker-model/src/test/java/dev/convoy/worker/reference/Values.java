package dev.convoy.worker.reference;

import dev.convoy.worker.graph.Shape;

/**
 * Numbers of a batch.
 *
 * @param data axes [example, channel, row, column]
 */
record Values(int examples, Shape shape, double[] data) {
  static Values zeros(int examples, Shape shape) {
    return new Values(examples, shape, new double[Math.toIntExact(examples * shape.values())]);
  }

  Values zerosAlike() {
    return zeros(examples, shape);
  }

  /** The same numbers, seen with another extent. */
  Values as(Shape other) {
    return new Values(examples, other, data);
  }

  int channels() {
    return Math.toIntExact(shape.channels());
  }

  int height() {
    return Math.toIntExact(shape.height());
  }

  int width() {
    return Math.toIntExact(shape.width());
  }

  /** Values of one channel of one example. */
  int plane() {
    return height() * width();
  }

  /** Where a channel of an example begins. */
  int start(int example, int channel) {
    return (example * channels() + channel) * plane();
  }

  void add(Values other) {
    for (int i = 0; i < data.length; i++) {
      data[i] += other.data[i];
    }
  }
}
