package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.cuda.api.Blas;

/**
 * A product of two matrices by cuBLAS, C = A B, all in Fortran's order: A of m × k, B of k × n,
 * each perhaps given transposed.
 */
final class Product {
  private static final float[] ONE = {1};
  private static final float[] ZERO = {0};

  private final Device device;
  private final int m;
  private final int n;
  private final int k;
  private final int transposeA;
  private final int transposeB;
  private final ValueFormat operands;
  private final ValueFormat result;
  private final int compute;

  Product(
      CudaPlan plan,
      int m,
      int n,
      int k,
      boolean transposesA,
      boolean transposesB,
      ValueFormat operands,
      ValueFormat result) {
    this.device = plan.device();
    this.m = m;
    this.n = n;
    this.k = k;
    this.transposeA = transposesA ? Blas.TRANSPOSED : Blas.AS_IT_IS;
    this.transposeB = transposesB ? Blas.TRANSPOSED : Blas.AS_IT_IS;
    this.operands = operands;
    this.result = result;
    this.compute = compute(plan.precision());
  }

  private static int compute(Precision precision) {
    return switch (precision) {
      case TF32 -> Blas.COMPUTE_TF32;
      case BFLOAT16 -> Blas.COMPUTE_FLOAT;
      default -> Blas.COMPUTE_FLOAT_PEDANTIC;
    };
  }

  /** Computes it; the distances are those from a column to the next. */
  void run(Address a, int distanceA, Address b, int distanceB, Address c, int distanceC) {
    device.check(
        "cublasGemmEx",
        device
            .blas()
            .cublasGemmEx(
                device.blasHandle(),
                transposeA,
                transposeB,
                m,
                n,
                k,
                ONE,
                a.get(),
                operands.blas(),
                distanceA,
                b.get(),
                operands.blas(),
                distanceB,
                ZERO,
                c.get(),
                result.blas(),
                distanceC,
                compute,
                Blas.DEFAULT_ALGORITHM));
  }
}
