package dev.convoy.worker.layers;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The values of float arrays that live in host memory and lie there in the order of their axes. */
final class HostMemory {
  private HostMemory() {}

  /** The array's own memory, from its first value on: writing changes the array. */
  static FloatBuffer of(INDArray array) {
    return array.data().asNioFloat().slice(); // its position is the array's offset
  }

  /** A copy of a vector's values. */
  static double[] read(INDArray vector) {
    FloatBuffer memory = of(vector);
    var values = new double[Math.toIntExact(vector.length())];
    for (int i = 0; i < values.length; i++) {
      values[i] = memory.get(i);
    }
    return values;
  }

  /** Overwrites a vector's values, rounded to float. */
  static void write(double[] values, INDArray vector) {
    FloatBuffer memory = of(vector);
    for (int i = 0; i < values.length; i++) {
      memory.put(i, (float) values[i]);
    }
  }
}
