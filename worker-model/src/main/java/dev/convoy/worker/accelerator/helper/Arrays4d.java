package dev.convoy.worker.accelerator.helper;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** What the helpers ask of image arrays: float, axes [batch, channels, height, width], dense. */
final class Arrays4d {
  /** Values in the largest array that one direct buffer of Java can hold. */
  private static final long LARGEST = Integer.MAX_VALUE / Float.BYTES;

  private Arrays4d() {}

  /** Whether all arrays are of the kind that the helpers handle; strides do not matter. */
  static boolean handles(CNN2DFormat format, INDArray... arrays) {
    for (INDArray array : arrays) {
      if (array.dataType() != DataType.FLOAT
          || array.rank() != 4
          || array.isEmpty()
          || array.length() > LARGEST) {
        return false;
      }
    }
    return format == CNN2DFormat.NCHW;
  }

  /** The array itself if its values lie in memory in the order of its axes, else a copy. */
  static INDArray contiguous(INDArray array) {
    return Shape.hasDefaultStridesForShape(array) ? array : array.dup('c');
  }
}
