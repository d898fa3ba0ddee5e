package dev.convoy.worker.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/** The shapes on which fast paths are compared: a sample of a product, always the same one. */
final class Grid {
  private static final int[] BATCHES = {1, 3};
  private static final int[][] SIZES = {{5, 5}, {7, 5}, {13, 13}, {13, 7}};
  private static final int[] CHANNELS = {1, 3, 8, 17, 67};
  private static final int[][] KERNELS = {{1, 1}, {2, 2}, {3, 3}, {7, 7}, {3, 5}, {1, 7}};
  private static final int[] STRIDES = {1, 2, 3};
  private static final int[] PADDINGS = {0, 1, 2};
  private static final int[] DILATIONS = {1, 2};
  private static final ConvolutionMode[] MODES = {
    ConvolutionMode.Same, ConvolutionMode.Truncate, ConvolutionMode.Strict
  };

  private Grid() {}

  /** Images. */
  record Images(int batch, int channels, int height, int width) {
    long[] shape() {
      return new long[] {batch, channels, height, width};
    }
  }

  /** Windows on images, and two bits for whatever else a layer can be told. */
  record Windows(
      Images images,
      int kernelHeight,
      int kernelWidth,
      int stride,
      int padding,
      int dilation,
      ConvolutionMode mode,
      boolean first,
      boolean second) {
    int[] kernel() {
      return new int[] {kernelHeight, kernelWidth};
    }

    /** Down and across: as given, or with every column where the first bit is set. */
    int[] strides() {
      return new int[] {stride, first ? 1 : stride};
    }

    /** Down and across: as given, or without any across where the second bit is set. */
    int[] dilations() {
      return new int[] {dilation, second ? 1 : dilation};
    }

    /** The windows' places; Same pads what is missing, the smaller half in front. */
    Reference.Axis rows() {
      return axis(images.height(), kernelHeight, 0);
    }

    Reference.Axis columns() {
      return axis(images.width(), kernelWidth, 1);
    }

    int[] outputSize() {
      return new int[] {
        outputs(images.height(), kernelHeight, 0), outputs(images.width(), kernelWidth, 1)
      };
    }

    private Reference.Axis axis(int size, int kernel, int axis) {
      int covered = (outputs(size, kernel, axis) - 1) * strides()[axis] + extent(kernel, axis);
      int before = mode == ConvolutionMode.Same ? Math.max(0, covered - size) / 2 : padding;
      return new Reference.Axis(kernel, strides()[axis], before, dilations()[axis]);
    }

    private int outputs(int size, int kernel, int axis) {
      int step = strides()[axis];
      return mode == ConvolutionMode.Same
          ? (size + step - 1) / step
          : (size + 2 * padding - extent(kernel, axis)) / step + 1;
    }

    private int extent(int kernel, int axis) {
      return (kernel - 1) * dilations()[axis] + 1;
    }

    /** Whether Deeplearning4j accepts the shape. */
    private boolean isPossible() {
      return mode == ConvolutionMode.Same
          ? padding == 0
          : fits(images.height(), kernelHeight, 0) && fits(images.width(), kernelWidth, 1);
    }

    private boolean fits(int size, int kernel, int axis) {
      int room = size + 2 * padding - extent(kernel, axis);
      return room >= 0
          && padding < kernel
          && (mode == ConvolutionMode.Truncate || room % strides()[axis] == 0);
    }
  }

  static Stream<Images> images() {
    List<Images> all = new ArrayList<>();
    for (int batch : BATCHES) {
      for (int channels : CHANNELS) {
        for (int[] size : SIZES) {
          all.add(new Images(batch, channels, size[0], size[1]));
        }
      }
    }
    return all.stream();
  }

  /** A sample of all windows that fulfil a condition. */
  static Stream<Windows> windows(int count, Predicate<Windows> condition) {
    List<Windows> all = new ArrayList<>();
    images()
        .forEach(
            images -> {
              for (int[] kernel : KERNELS) {
                for (int stride : STRIDES) {
                  for (int padding : PADDINGS) {
                    for (int dilation : DILATIONS) {
                      for (ConvolutionMode mode : MODES) {
                        IntStream.range(0, 4)
                            .mapToObj(
                                bits ->
                                    new Windows(
                                        images,
                                        kernel[0],
                                        kernel[1],
                                        stride,
                                        padding,
                                        dilation,
                                        mode,
                                        (bits & 1) == 1,
                                        (bits & 2) == 2))
                            .filter(Windows::isPossible)
                            .filter(condition)
                            .forEach(all::add);
                      }
                    }
                  }
                }
              }
            });
    Collections.shuffle(all, new Random(1));
    return all.subList(0, count).stream();
  }
}
