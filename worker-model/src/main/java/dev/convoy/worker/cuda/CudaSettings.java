package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.device.Gpu;

/**
 * How a network is computed on a device.
 *
 * @param wanted the precision that was asked for
 * @param precision what the device computes in
 * @param recomputes whether training keeps only what goes from one block of layers into the next,
 *     and computes the rest again on the way back
 */
record CudaSettings(Precision wanted, Precision precision, boolean recomputes) {
  /** On a device that has the precision. */
  static CudaSettings of(Precision precision, boolean recomputes) {
    return new CudaSettings(precision, precision, recomputes);
  }

  /**
   * On a card: what is wanted, or float32 if the card does not have it; bfloat16 for {@link
   * Precision#AUTO} where it has that.
   */
  static CudaSettings on(Gpu gpu, Precision wanted, boolean recomputes) {
    Precision precision = wanted == Precision.AUTO ? Precision.BFLOAT16 : wanted;
    boolean isThere = gpu.precisions().contains(precision);
    return new CudaSettings(wanted, isThere ? precision : Precision.FLOAT32, recomputes);
  }

  /** What is computed in, for a log. */
  String format() {
    return switch (precision) {
      case BFLOAT16 -> "in bfloat16";
      case TF32 -> "in TF32";
      default -> isInsteadOfAnother() ? "in float32, as the card has no " + name() : "in float32";
    };
  }

  private boolean isInsteadOfAnother() {
    return wanted == Precision.BFLOAT16 || wanted == Precision.TF32;
  }

  private String name() {
    return wanted == Precision.TF32 ? "TF32" : "bfloat16";
  }
}
