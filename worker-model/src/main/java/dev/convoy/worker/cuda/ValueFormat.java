package dev.convoy.worker.cuda;

import dev.convoy.worker.cuda.api.Blas;

/** The number format of values on the device. */
enum ValueFormat {
  /** Single precision. */
  FLOAT32("f32", Float.BYTES, Blas.FLOAT),
  /** The upper half of single precision. */
  BFLOAT16("bf16", Short.BYTES, Blas.BFLOAT16);

  private final String suffix;
  private final int bytes;
  private final int blas;

  ValueFormat(String suffix, int bytes, int blas) {
    this.suffix = suffix;
    this.bytes = bytes;
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

  /** cuBLAS's number of it. */
  int blas() {
    return blas;
  }

  /** How many values a thread of a kernel takes at once. */
  int pack() {
    return 16 / bytes;
  }
}
