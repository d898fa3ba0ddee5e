package dev.convoy.worker.onednn;

import dev.convoy.worker.graph.Window;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.IntPointer;

/**
 * The gradient of maximum pooling: what comes to a window goes to the first of its largest values.
 *
 * <p>oneDNN would have the forward pass note where that is, which takes longer than all that is
 * done here: the place is found again from the equal bits of the window's values and its maximum,
 * one plane at a time, without branches.
 */
final class MaximumPoolingGradient implements Runnable {
  private final Window window;
  private final Planes images;
  private final Planes results;
  private final Tensor image;
  private final Tensor result;
  private final Tensor resultGradient;
  private final Tensor imageGradient;
  private Buffers buffers;

  /** One plane's floats, as bits where they are only compared and moved. */
  private final int[] values;

  private final int[] maxima;
  private final int[] gradients;
  private final float[] sums;

  /**
   * Four tensors: the images and their gradient of one layout, the results and theirs of another
   * one; all with the same blocks of channels.
   */
  MaximumPoolingGradient(
      Window window, Tensor image, Tensor result, Tensor resultGradient, Tensor imageGradient) {
    this.window = window;
    images = Planes.of(image.layout());
    results = Planes.of(result.layout());
    this.image = image;
    this.result = result;
    this.resultGradient = resultGradient;
    this.imageGradient = imageGradient;
    values = new int[images.size()];
    sums = new float[images.size()];
    maxima = new int[results.size()];
    gradients = new int[results.size()];
  }

  /** The four tensors' memory, as bits where values are only compared and moved. */
  private record Buffers(
      IntBuffer image, IntBuffer result, IntBuffer resultGradient, FloatBuffer imageGradient) {
    static IntBuffer bits(Tensor tensor) {
      return new IntPointer(tensor.values()).capacity(tensor.values().capacity()).asBuffer();
    }
  }

  private Buffers buffers() {
    if (buffers == null) {
      buffers =
          new Buffers(
              Buffers.bits(image),
              Buffers.bits(result),
              Buffers.bits(resultGradient),
              imageGradient.values().asBuffer());
    }
    return buffers;
  }

  /** Whether a layout keeps each block of channels of each image together. */
  static boolean handles(memory.desc images, memory.desc results) {
    Planes wide = Planes.of(images);
    Planes narrow = Planes.of(results);
    return wide != null && narrow != null && wide.lanes == narrow.lanes;
  }

  @Override
  public void run() {
    Buffers places = buffers();
    for (int plane = 0; plane < images.count; plane++) {
      places.image.get(plane * values.length, values);
      places.result.get(plane * maxima.length, maxima);
      places.resultGradient.get(plane * gradients.length, gradients);
      Arrays.fill(sums, 0);
      for (int row = 0; row < results.height; row++) {
        int top = Math.toIntExact(row * window.stride()[0] - window.before()[0]);
        int end = Math.toIntExact(Math.min(images.height, top + window.kernel()[0]));
        for (int y = Math.max(0, top); y < end; y++) {
          for (int offset = 0; offset < window.kernel()[1]; offset++) {
            give(row, y, offset);
          }
        }
      }
      places.imageGradient.put(plane * sums.length, sums);
    }
  }

  /** To the values in row y that lie at an offset in their windows; each window in its turn. */
  private void give(int row, int y, int offset) {
    int stride = Math.toIntExact(window.stride()[1]);
    int first = offset - Math.toIntExact(window.before()[1]);
    int lanes = images.lanes;
    int from = row * results.width * lanes;
    int to = (y * images.width + first) * lanes;
    for (int column = 0; column < results.width; column++) {
      int x = first + column * stride;
      if (x >= 0 && x < images.width) {
        give(values, maxima, gradients, sums, from, to, lanes);
      }
      from += lanes;
      to += stride * lanes;
    }
  }

  /** Moves the gradient of each lane whose value is the maximum; what has moved is gone. */
  private static void give(
      int[] values, int[] maxima, int[] gradients, float[] sums, int from, int to, int lanes) {
    for (int lane = 0; lane < lanes; lane++) {
      int difference = values[to + lane] ^ maxima[from + lane];
      int differs = (difference | -difference) >> (Integer.SIZE - 1); // all bits, or none
      int gradient = gradients[from + lane];
      sums[to + lane] += Float.intBitsToFloat(gradient & ~differs);
      gradients[from + lane] = gradient & differs;
    }
  }

  /** A tensor as planes that lie one after the other: rows, columns, and channels as lanes. */
  private record Planes(int count, int height, int width, int lanes) {
    /** The planes of a layout; null if it has none. */
    static Planes of(memory.desc layout) {
      var data = layout.data();
      var blocks = data.format_desc_blocking();
      long channels = data.padded_dims().get(1);
      long height = data.dims().get(2);
      long width = data.dims().get(3);
      long lanes;
      if (blocks.inner_nblks() == 1 && blocks.inner_idxs().get(0) == 1) {
        lanes = blocks.inner_blks().get(0);
      } else if (blocks.inner_nblks() == 0) {
        boolean channelsLast = blocks.strides().get(1) == 1 && height * width > 1;
        lanes = channelsLast ? channels : 1;
      } else {
        return null;
      }
      long perImage = channels / lanes;
      // How far apart the elements of an axis are says nothing if there is only one.
      boolean dense =
          (width == 1 || blocks.strides().get(3) == lanes)
              && (height == 1 || blocks.strides().get(2) == width * lanes)
              && (perImage == 1 || blocks.strides().get(1) == height * width * lanes)
              && blocks.strides().get(0) == perImage * height * width * lanes;
      return dense
          ? new Planes(
              Math.toIntExact(data.dims().get(0) * perImage),
              Math.toIntExact(height),
              Math.toIntExact(width),
              Math.toIntExact(lanes))
          : null;
    }

    int size() {
      return height * width * lanes;
    }
  }
}
