package dev.convoy.worker.backend;

/**
 * The number format of a network's values, their gradients, and the copies of weights that are
 * multiplied by. Parameters, their gradients, the optimizer's state, statistics, losses and sums
 * are single precision always.
 */
public enum Precision {
  /** Bfloat16 where that is faster on the processor or GPU; else single. */
  AUTO,
  /** IEEE single precision: 24 bits of which 8 are seven decimal digits. The reference. */
  FLOAT32,
  /**
   * Single precision whose products are of numbers rounded to TF32, single's range and 11 bits or
   * three decimal digits, and are added up in single: on GPUs; else single.
   */
  TF32,
  /** The upper half of single precision: its range, and 8 bits or two to three decimal digits. */
  BFLOAT16
}
