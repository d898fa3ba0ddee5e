package dev.convoy.worker.graph;

import dev.convoy.worker.model.layer.AdaptiveWindows;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/**
 * How a kernel moves over an image; every array is {height, width}.
 *
 * @param kernel its extent, without dilation
 * @param stride its steps, at least 1
 * @param dilation distance of neighbouring kernel elements, at least 1
 * @param before rows and columns of padding above and to the left
 * @param after rows and columns of padding below and to the right
 * @param output the result's extent
 */
public record Window(
    long[] kernel, long[] stride, long[] dilation, long[] before, long[] after, long[] output) {

  /** The window of a layer, with the padding that its mode asks for. */
  static Window of(
      long[] image,
      int[] kernel,
      int[] stride,
      int[] padding,
      int[] dilation,
      ConvolutionMode mode) {
    Window window =
        new Window(
            longs(kernel),
            longs(stride),
            longs(dilation),
            longs(padding),
            longs(padding),
            new long[2]);
    for (int axis = 0; axis < 2; axis++) {
      long extent = (kernel[axis] - 1L) * dilation[axis] + 1;
      if (mode == ConvolutionMode.Same) {
        window.output[axis] = (image[axis] + stride[axis] - 1) / stride[axis];
        long total = Math.max(0, (window.output[axis] - 1) * stride[axis] + extent - image[axis]);
        window.before[axis] = total / 2;
        window.after[axis] = total - total / 2;
      } else {
        window.output[axis] = (image[axis] + 2L * padding[axis] - extent) / stride[axis] + 1;
      }
    }
    return window;
  }

  /** A window over each pixel. */
  static Window pixel(long[] image) {
    long[] one = {1, 1};
    return new Window(one, one, one, new long[2], new long[2], image);
  }

  /** One window over the whole image. */
  static Window whole(long[] image) {
    return new Window(
        image, new long[] {1, 1}, new long[] {1, 1}, new long[2], new long[2], new long[] {1, 1});
  }

  /** The largest of some windows, as far apart as they are on average. */
  static Window about(AdaptiveWindows rows, AdaptiveWindows columns) {
    return new Window(
        new long[] {rows.largest(), columns.largest()},
        new long[] {rows.stride(), columns.stride()},
        new long[] {1, 1},
        new long[2],
        new long[2],
        new long[] {rows.count(), columns.count()});
  }

  private static long[] longs(int[] values) {
    return new long[] {values[0], values[1]};
  }

  /** Elements of the kernel. */
  public long elements() {
    return kernel[0] * kernel[1];
  }

  /** Whether it is over each pixel alone. */
  boolean isPixel() {
    return elements() == 1 && !isStrided() && before[0] + before[1] + after[0] + after[1] == 0;
  }

  /** Whether it moves by more than a pixel. */
  public boolean isStrided() {
    return stride[0] > 1 || stride[1] > 1;
  }

  /** Whether elements of the kernel lie further apart than neighbouring pixels. */
  public boolean isDilated() {
    return dilation[0] > 1 || dilation[1] > 1;
  }

  /** What the window makes of an image of {@code channels} channels. */
  Shape result(long channels) {
    return Shape.image(channels, output[0], output[1]);
  }
}
