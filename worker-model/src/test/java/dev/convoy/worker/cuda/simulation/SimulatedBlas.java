package dev.convoy.worker.cuda.simulation;

import dev.convoy.worker.cuda.api.Blas;

/** cuBLAS as its documentation has it. */
final class SimulatedBlas implements Blas {
  private static final int NOT_INITIALIZED = 1;
  private static final int INVALID_VALUE = 7;
  private static final int EXECUTION_FAILED = 13;
  private static final int NOT_SUPPORTED = 15;
  private static final int WORKSPACE_ALIGNMENT = 256;
  private static final int[] VERSION = {12, 8, 4};

  /** A matrix in memory, column after column. */
  private record Matrix(int rows, int columns, int leading) {
    boolean fits() {
      return leading >= Math.max(1, rows);
    }

    int extent() {
      return rows == 0 || columns == 0
          ? 0
          : Math.addExact(Math.multiplyExact(leading, columns - 1), rows);
    }
  }

  private final MachineState state;
  private final LibraryHandles handles;

  SimulatedBlas(MachineState state) {
    this.state = state;
    handles = new LibraryHandles(state, "cuBLAS");
  }

  @Override
  public int cublasCreate_v2(long[] handle) {
    return handles.open(handle) ? SUCCESS : NOT_INITIALIZED;
  }

  @Override
  public int cublasDestroy_v2(long handle) {
    return handles.close(handle) ? SUCCESS : NOT_INITIALIZED;
  }

  @Override
  public int cublasSetStream_v2(long handle, long stream) {
    return handles.stream(handle, stream) ? SUCCESS : NOT_INITIALIZED;
  }

  @Override
  public int cublasSetWorkspace_v2(long handle, long address, long bytes) {
    LibraryHandle user = handles.find(handle);
    if (user == null) {
      return NOT_INITIALIZED;
    }
    if (address % WORKSPACE_ALIGNMENT != 0 || bytes <= 0) {
      return INVALID_VALUE;
    }
    user.context().memory().region("cublasSetWorkspace_v2", address, bytes);
    user.takeWorkspace();
    return SUCCESS;
  }

  @Override
  public int cublasGetProperty(int property, int[] value) {
    if (property < 0 || property >= VERSION.length) {
      return INVALID_VALUE;
    }
    value[0] = VERSION[property];
    return SUCCESS;
  }

  @Override
  public int cublasGemmEx(
      long handle,
      int transposeA,
      int transposeB,
      int m,
      int n,
      int k,
      float[] alpha,
      long a,
      int typeA,
      int leadingA,
      long b,
      int typeB,
      int leadingB,
      float[] beta,
      long c,
      int typeC,
      int leadingC,
      int compute,
      int algorithm) {
    LibraryHandle user = handles.find(handle);
    if (user == null) {
      return NOT_INITIALIZED;
    }
    boolean swapA = transposeA == TRANSPOSED;
    boolean swapB = transposeB == TRANSPOSED;
    Matrix first = swapA ? new Matrix(k, m, leadingA) : new Matrix(m, k, leadingA);
    Matrix second = swapB ? new Matrix(n, k, leadingB) : new Matrix(k, n, leadingB);
    Matrix result = new Matrix(m, n, leadingC);
    boolean known = transposeA >> 1 == 0 && transposeB >> 1 == 0;
    boolean possible = m >= 0 && n >= 0 && k >= 0;
    if (!known || !possible || !first.fits() || !second.fits() || !result.fits()) {
      return INVALID_VALUE;
    }
    if (!supported(typeA, typeB, typeC, compute) || algorithm != DEFAULT_ALGORITHM) {
      return NOT_SUPPORTED;
    }
    if (!user.hasWorkspace()) {
      throw new IllegalStateException(
          "cublasGemmEx without a workspace, which cublasSetStream_v2 takes away:"
              + " results are not the same in every run");
    }
    if (m == 0 || n == 0) {
      return SUCCESS;
    }
    DeviceOperand left = operand(user, "A", a, typeA, first);
    DeviceOperand right = operand(user, "B", b, typeB, second);
    DeviceOperand into = operand(user, "C", c, typeC, result);
    float factor = alpha[0];
    float kept = beta[0];
    MatrixProduct.Factor ofA = new MatrixProduct.Factor(swapA ? leadingA : 1, swapA ? 1 : leadingA);
    MatrixProduct.Factor ofB = new MatrixProduct.Factor(swapB ? 1 : leadingB, swapB ? leadingB : 1);
    MatrixProduct product = new MatrixProduct(ofA, ofB, m, n, k, leadingC);
    int status = user.stream().submit(() -> product.compute(left, right, into, factor, kept));
    return status == DriverStatus.SUCCESS ? SUCCESS : EXECUTION_FAILED;
  }

  private boolean supported(int typeA, int typeB, int typeC, int compute) {
    boolean single = typeA == FLOAT && typeB == FLOAT && typeC == FLOAT;
    boolean halves =
        typeA == BFLOAT16 && typeB == BFLOAT16 && (typeC == BFLOAT16 || typeC == FLOAT);
    boolean newEnough = state.current().model().major() >= 8;
    return switch (compute) {
      case COMPUTE_FLOAT, COMPUTE_FLOAT_PEDANTIC -> single || (halves && newEnough);
      case COMPUTE_TF32 -> single;
      default -> false;
    };
  }

  private static DeviceOperand operand(
      LibraryHandle user, String name, long address, int type, Matrix matrix) {
    FloatFormat format = type == FLOAT ? FloatFormat.SINGLE : FloatFormat.UPPER_HALF;
    DeviceOperand operand =
        new DeviceOperand(
            user.context().memory(), "cublasGemmEx, " + name, address, format, matrix.extent());
    if (matrix.extent() > 0) {
      operand.check();
    }
    return operand;
  }
}
