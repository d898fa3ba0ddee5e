package dev.convoy.worker.cuda;

import dev.convoy.worker.cuda.api.Blas;
import dev.convoy.worker.cuda.api.Dnn;

/** The number format of values on the device. */
enum ValueFormat {
  /** Single precision. */
  FLOAT32("f32", Float.BYTES, Dnn.FLOAT, Blas.FLOAT),
  /** The upper half of single precision. */
  BFLOAT16("bf16", Short.BYTES, Dnn.BFLOAT16, Blas.BFLOAT16);

  private final String suffix;
  private final int bytes;
  private final int dnn;
  private final int blas;

  ValueFormat(String suffix, int bytes, int dnn, int blas) {
    this.suffix = suffix;
    this.bytes = bytes;
    this.dnn = dnn;
    this.blas = blas;
  }

  /** What names of kernels end with. */
  String suffix() {
    return suffix;
  }

  /** Of a value. */
  int bytes() {
    return bytes;
  }

  /** cuDNN's number of it. */
  int dnn() {
    return dnn;
  }

  /** cuBLAS's number of it. */
  int blas() {
    return blas;
  }

  /** How many values a thread of a kernel takes at once. */
  int pack() {
    return 16 / bytes;
  }
}
