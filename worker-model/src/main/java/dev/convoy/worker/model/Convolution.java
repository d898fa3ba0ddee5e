package dev.convoy.worker.model;

import dev.convoy.worker.model.layer.GroupedConvolution;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;

/**
 * A convolution of a network's sketch.
 *
 * @param channels of the result
 * @param height of the kernel, in pixels
 * @param width of the kernel, in pixels
 * @param stride of both directions
 * @param padding pixels of zeros on every side; {@link #HALF}: half the kernel in both directions,
 *     with which odd kernels change the image's size by their stride alone
 * @param groups of channels and filters; a divisor of both numbers
 */
record Convolution(int channels, int height, int width, int stride, int padding, int groups) {
  private static final int HALF = -1;

  /** With a square kernel, padded. */
  static Convolution of(int channels, int kernel) {
    return of(channels, kernel, kernel);
  }

  /** Padded. */
  static Convolution of(int channels, int height, int width) {
    return new Convolution(channels, height, width, 1, HALF, 1);
  }

  Convolution stride(int pixels) {
    return new Convolution(channels, height, width, pixels, padding, groups);
  }

  /** With so many times the channels, rounded, at least 1. */
  Convolution times(double factor) {
    int some = (int) Math.max(1, Math.round(channels * factor));
    return new Convolution(some, height, width, stride, padding, groups);
  }

  /** In which a filter sees the channels of its own group only. */
  Convolution groups(int number) {
    return new Convolution(channels, height, width, stride, padding, number);
  }

  /** With so many pixels of zeros on every side. */
  Convolution padding(int pixels) {
    return new Convolution(channels, height, width, stride, pixels, groups);
  }

  Convolution unpadded() {
    return padding(0);
  }

  /**
   * The same along rows, for series: images of one row.
   *
   * @see NetworkSketch
   */
  Convolution ofSeries() {
    return new Convolution(channels, 1, Math.max(height, width), stride, padding, groups);
  }

  /** The layer, without a function. */
  ConvolutionLayer layer(boolean biased) {
    return groups > 1
        ? configured(new GroupedConvolution.Builder(height, width).groups(groups), biased).build()
        : configured(new ConvolutionLayer.Builder(height, width), biased).build();
  }

  private <B extends ConvolutionLayer.BaseConvBuilder<B>> B configured(B layer, boolean biased) {
    return layer
        .convolutionMode(ConvolutionMode.Truncate)
        .stride(stride, stride)
        .padding(around(height), around(width))
        .nOut(channels)
        .hasBias(biased);
  }

  private int around(int kernel) {
    if (kernel == 1) {
      return 0; // also of images of one row, whose kernels have one
    }
    return padding == HALF ? kernel / 2 : padding;
  }
}
