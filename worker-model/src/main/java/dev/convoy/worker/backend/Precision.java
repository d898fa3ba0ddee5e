package dev.convoy.worker.backend;

/**
 * The number format of a network's values, their gradients, and the copies of weights that are
 * multiplied by. Parameters, their gradients, the optimizer's state, statistics, losses and sums
 * are single precision always.
 */
public enum Precision {
  /** Bfloat16 where the processor multiplies matrices of it, which is faster; else single. */
  AUTO,
  /** IEEE single precision: 24 bits of which 8 are seven decimal digits. The reference. */
  FLOAT32,
  /** The upper half of single precision: its range, and 8 bits or two to three decimal digits. */
  BFLOAT16
}
