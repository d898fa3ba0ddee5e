package dev.convoy.worker.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** What the fast paths ask of image arrays: axes [batch, channels, height, width], dense. */
final class Arrays4d {
  /** Values in the largest array that one direct buffer of Java can hold. */
  private static final long LARGEST = Integer.MAX_VALUE / Float.BYTES;

  private Arrays4d() {}

  /** Whether all arrays are what native operations handle; strides do not matter. */
  static boolean areImages(CNN2DFormat format, INDArray... arrays) {
    return format == CNN2DFormat.NCHW
        && Arrays.stream(arrays).allMatch(array -> array.rank() == 4 && !array.isEmpty());
  }

  /** Whether all arrays are what loops over host memory handle: float as well. */
  static boolean areFloatImages(INDArray... arrays) {
    return areImages(CNN2DFormat.NCHW, arrays)
        && Arrays.stream(arrays)
            .allMatch(array -> array.dataType() == DataType.FLOAT && array.length() <= LARGEST);
  }

  /** The array itself if its values lie in memory in the order of its axes, else a copy. */
  static INDArray contiguous(INDArray array) {
    return Shape.hasDefaultStridesForShape(array) ? array : array.dup('c');
  }
}
