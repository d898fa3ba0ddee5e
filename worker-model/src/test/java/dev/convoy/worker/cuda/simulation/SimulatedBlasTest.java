package dev.convoy.worker.cuda.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.worker.cuda.api.Blas;
import dev.convoy.worker.cuda.simulation.ptx.DeviceFault;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Simulated products of matrices are the formula's, and what does not fit is refused. */
class SimulatedBlasTest {
  private static final int M = 3;
  private static final int N = 5;
  private static final int K = 4;
  private static final int LEADING = 7;

  private final SimulatedMachine machine = SimulatedMachine.ordinary();
  private final TestDevice device = new TestDevice(machine);
  private final Blas blas = machine.blas();
  private final Random random = new Random(8);

  private long handle() {
    long[] handle = new long[1];
    TestDevice.check(blas.cublasCreate_v2(handle));
    TestDevice.check(blas.cublasSetStream_v2(handle[0], device.stream()));
    TestDevice.check(blas.cublasSetWorkspace_v2(handle[0], device.take(4096), 4096));
    return handle[0];
  }

  /** Values of a matrix of at most seven rows and columns, which bfloat16 has all. */
  private float[] values() {
    float[] values = new float[LEADING * LEADING];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(255) - 127;
    }
    return values;
  }

  private long put(int type, float[] values) {
    if (type == Blas.FLOAT) {
      return device.put(values);
    }
    short[] halves = new short[values.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = (short) (Float.floatToIntBits(values[i]) >>> 16);
    }
    return device.put(halves);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0",
    "0, 1, 0, 0",
    "1, 0, 0, 0",
    "1, 1, 0, 0",
    "1, 0, 14, 0",
    "0, 1, 14, 14"
  })
  void productsAreTheFormulas(int transposeA, int transposeB, int typeAb, int typeC) {
    float[] a = values();
    float[] b = values();
    float[] c = values();
    long result = put(typeC, c);
    TestDevice.check(
        blas.cublasGemmEx(
            handle(),
            transposeA,
            transposeB,
            M,
            N,
            K,
            new float[] {0.5f},
            put(typeAb, a),
            typeAb,
            LEADING,
            put(typeAb, b),
            typeAb,
            LEADING,
            new float[] {2},
            result,
            typeC,
            LEADING,
            Blas.COMPUTE_FLOAT,
            Blas.DEFAULT_ALGORITHM));
    float[] found = new float[c.length];
    short[] halves = typeC == Blas.FLOAT ? null : device.shorts(result, c.length);
    if (halves == null) {
      found = device.floats(result, c.length);
    } else {
      for (int i = 0; i < found.length; i++) {
        found[i] = Float.intBitsToFloat(halves[i] << 16);
      }
    }
    for (int i = 0; i < c.length; i++) {
      int row = i % LEADING;
      int column = i / LEADING;
      double expected = c[i];
      if (row < M && column < N) {
        double sum = 0;
        for (int k = 0; k < K; k++) {
          sum +=
              (double) (transposeA == 0 ? a[row + k * LEADING] : a[k + row * LEADING])
                  * (transposeB == 0 ? b[k + column * LEADING] : b[column + k * LEADING]);
        }
        expected = 0.5 * sum + 2 * c[i];
      }
      FloatFormat format = typeC == Blas.FLOAT ? FloatFormat.SINGLE : FloatFormat.UPPER_HALF;
      assertThat(found[i]).isEqualTo(format.rounded((float) expected));
    }
  }

  private int product(long handle, int typeA, int typeC, int leading, long c, int compute) {
    float[] zero = {0};
    long a = device.put(values());
    return blas.cublasGemmEx(
        handle,
        0,
        0,
        M,
        N,
        K,
        new float[] {1},
        a,
        typeA,
        leading,
        a,
        typeA,
        LEADING,
        zero,
        c,
        typeC,
        LEADING,
        compute,
        Blas.DEFAULT_ALGORITHM);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    long handle = handle();
    long c = device.take(4 * 49);
    assertThat(product(handle, 0, 0, M - 1, c, Blas.COMPUTE_FLOAT)).isEqualTo(7);
    assertThat(product(handle, 0, 14, LEADING, c, Blas.COMPUTE_FLOAT)).isEqualTo(15);
    assertThat(product(handle, 14, 14, LEADING, c, Blas.COMPUTE_TF32)).isEqualTo(15);
    assertThat(product(handle, 0, 0, LEADING, c, Blas.COMPUTE_TF32)).isZero();
    assertThat(product(77, 0, 0, LEADING, c, Blas.COMPUTE_FLOAT)).isEqualTo(1);
  }

  @Test
  void aFactorOfZeroDoesNotReadWhatWasThere() {
    long c = device.take(4 * 49);
    TestDevice.check(product(handle(), 0, 0, LEADING, c, Blas.COMPUTE_FLOAT));
    assertThat(device.floats(c, 1)[0]).isNotNaN();
    assertThat(device.floats(c + 4 * M, 1)[0]).isNaN();
  }

  @Test
  void matricesStayWithinTheirMemory() {
    long handle = handle();
    long c = device.take(4 * 30);
    assertThatThrownBy(() -> product(handle, 0, 0, LEADING, c, Blas.COMPUTE_FLOAT))
        .isInstanceOf(DeviceFault.class)
        .hasMessageContaining("cublasGemmEx, C: accesses 124 bytes");
  }

  @Test
  void anotherStreamTakesTheWorkspaceAway() {
    long handle = handle();
    TestDevice.check(blas.cublasSetStream_v2(handle, device.stream()));
    long c = device.take(4 * 49);
    assertThatThrownBy(() -> product(handle, 0, 0, LEADING, c, Blas.COMPUTE_FLOAT))
        .hasMessageContaining("without a workspace");
  }
}
