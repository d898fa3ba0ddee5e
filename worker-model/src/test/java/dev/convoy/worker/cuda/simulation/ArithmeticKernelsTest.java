package dev.convoy.worker.cuda.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What nvcc makes of arithmetic is what Java computes, bit for bit where IEEE 754 defines it. */
class ArithmeticKernelsTest {
  private static final int THREADS = 64;

  private final TestDevice device = new TestDevice(SimulatedMachine.ordinary(), "arithmetic.ptx");
  private final Random random = new Random(5);

  private static int blocks(int count) {
    return (count + THREADS - 1) / THREADS;
  }

  private float[] floats(int count) {
    float[] special = {
      0,
      -0.0f,
      1,
      -1,
      0.5f,
      1.5f,
      2.5f,
      -2.5f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      -Float.MIN_NORMAL,
      Float.MAX_VALUE,
      1e10f,
      3e9f
    };
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          i < 256
              ? special[i % 16]
              : i < 300 ? Float.intBitsToFloat(random.nextInt()) : random.nextFloat() * 20 - 10;
    }
    return values;
  }

  /** The same, in another order, so that all pairs of special ones come up. */
  private float[] partners(float[] values) {
    float[] others = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      others[i] = i < 256 ? values[i / 16] : values[values.length - 1 - (i - 256)];
    }
    return others;
  }

  private static int bits(float value) {
    return Float.isNaN(value) ? 0x7FFFFFFF : Float.floatToRawIntBits(value);
  }

  private static float truncated(float value) {
    return (float) (value < 0 ? Math.ceil(value) : Math.floor(value));
  }

  private static float lesser(float a, float b) {
    return Float.isNaN(a) ? b : Float.isNaN(b) ? a : Math.min(a, b);
  }

  private static float greater(float a, float b) {
    return Float.isNaN(a) ? b : Float.isNaN(b) ? a : Math.max(a, b);
  }

  @Test
  void singlePrecisionIsThatOfIeee754() {
    float[] x = floats(512);
    float[] y = partners(x);
    long z = device.take(64L * x.length);
    device.launch("singles", blocks(x.length), THREADS, device.put(x), device.put(y), z, x.length);
    float[] results = device.floats(z, 16 * x.length);
    for (int i = 0; i < x.length; i++) {
      float a = x[i];
      float b = y[i];
      float[] expected = {
        a + b,
        a - b,
        a * b,
        a / b,
        Math.fma(a, b, 1.5f),
        (float) Math.sqrt(a),
        lesser(a, b),
        greater(a, b),
        (float) Math.floor(a),
        (float) Math.ceil(a),
        (float) Math.rint(a),
        truncated(a),
        Math.abs(a),
        Math.copySign(a, b),
        a > b ? 1 : a == b ? 2 : Float.isNaN(a) ? 3 : 4,
        a * b + a
      };
      for (int j = 0; j < expected.length; j++) {
        assertThat(bits(results[16 * i + j]))
            .describedAs("result %d of %s and %s", j, a, b)
            .isEqualTo(bits(expected[j]));
      }
    }
  }

  @Test
  void functionsAreWithinAFewUnitsInTheLastPlace() {
    float[] x = new float[200];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 100) * 0.17f + 0.01f;
    }
    long z = device.take(32L * x.length);
    device.launch("functions", blocks(x.length), THREADS, device.put(x), z, x.length);
    float[] results = device.floats(z, 8 * x.length);
    for (int i = 0; i < x.length; i++) {
      double a = x[i];
      double[] expected = {
        Math.exp(a),
        Math.log(Math.abs(a)),
        Math.tanh(a),
        1 / Math.sqrt(Math.abs(a)),
        Math.log1p(Math.abs(a)),
        Math.pow(Math.abs(a), 0.75),
        errorFunction(a),
        1 / (1 + Math.exp(-a))
      };
      for (int j = 0; j < expected.length; j++) {
        // NVIDIA documents errors of at most 4 units in the last place for these.
        assertThat((double) results[8 * i + j])
            .describedAs("function %d of %s", j, a)
            .isCloseTo(expected[j], within(5 * (double) Math.ulp((float) expected[j])));
      }
    }
  }

  /** By its series, or as 1 where that is all that single precision has of it. */
  private static double errorFunction(double x) {
    if (Math.abs(x) > 4.5) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 120; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  @Test
  void doublePrecisionIsThatOfIeee754() {
    float[] first = floats(512);
    float[] second = partners(first);
    double[] x = new double[first.length];
    double[] y = new double[first.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = i < 256 ? first[i] : first[i] + random.nextDouble() * 1e-9;
      y[i] = i < 256 ? second[i] : second[i] * random.nextDouble();
    }
    long z = device.take(64L * x.length);
    device.launch("doubles", blocks(x.length), THREADS, device.put(x), device.put(y), z, x.length);
    double[] results = device.doubles(z, 8 * x.length);
    for (int i = 0; i < x.length; i++) {
      double a = x[i];
      double b = y[i];
      double lesser = Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
      double[] expected = {
        a + b, a - b, a * b, a / b, Math.fma(a, b, 1.5), Math.sqrt(Math.abs(a)), lesser, (float) a
      };
      for (int j = 0; j < expected.length; j++) {
        assertThat(Double.doubleToLongBits(results[8 * i + j]))
            .describedAs("result %d of %s and %s", j, a, b)
            .isEqualTo(Double.doubleToLongBits(expected[j]));
      }
    }
  }

  @Test
  void functionsOfDoublePrecisionCallFunctionsThatAreNotInlined() {
    double[] x = {0.1, 1, -2, 10, 1000.5, 1e8, -1e300, 700};
    long z = device.take(24L * x.length);
    device.launch("doubleFunctions", 1, THREADS, device.put(x), z, x.length);
    double[] results = device.doubles(z, 3 * x.length);
    for (int i = 0; i < x.length; i++) {
      double[] expected = {Math.exp(x[i]), Math.log(Math.abs(x[i])), Math.sin(x[i])};
      for (int j = 0; j < 3; j++) {
        // NVIDIA documents errors of at most 2 units in the last place, Java of 1.
        assertThat(results[3 * i + j])
            .describedAs("function %d of %s", j, x[i])
            .isCloseTo(expected[j], within(3 * Math.ulp(expected[j])));
      }
    }
  }

  private int[] integers(int count) {
    int[] special = {0, 1, -1, 2, 7, 31, 32, -32, 255, 65_536, 1 << 30, 12_345, -9, 3, 100, -2};
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = i < 256 ? special[i % 16] : random.nextInt();
    }
    return values;
  }

  @Test
  void integersAreThoseOfJava() {
    int[] x = integers(512);
    int[] y = integers(512);
    for (int i = 0; i < 256; i++) {
      y[i] = x[i / 16];
    }
    long z = device.take(80L * x.length);
    device.launch("integers", blocks(x.length), THREADS, device.put(x), device.put(y), z, x.length);
    int[] results = device.ints(z, 20 * x.length);
    for (int i = 0; i < x.length; i++) {
      int a = x[i];
      int b = y[i];
      long wide = (long) a * b;
      long unsigned = Integer.toUnsignedLong(a) * Integer.toUnsignedLong(b);
      int[] expected = {
        a + b,
        a * b,
        b == 0 ? 0 : a / b,
        b == 0 ? 0 : a % b,
        b == 0 ? 0 : Integer.divideUnsigned(a, b),
        b == 0 ? 0 : Integer.remainderUnsigned(a, b),
        (int) (wide >> 32),
        (int) (unsigned >>> 32),
        a << b,
        a >> b,
        a >>> b,
        Math.min(a, b),
        Integer.compareUnsigned(a, b) > 0 ? a : b,
        Integer.bitCount(a),
        Integer.numberOfLeadingZeros(a),
        Integer.reverse(a),
        Integer.rotateLeft(a, 7),
        (a & b) ^ (~a | b),
        Integer.compareUnsigned(a, b) < 0 ? 1 : 0,
        Math.abs(a)
      };
      for (int j = 0; j < expected.length; j++) {
        assertThat(results[20 * i + j])
            .describedAs("result %d of %d and %d", j, a, b)
            .isEqualTo(expected[j]);
      }
    }
  }

  @Test
  void longIntegersAreThoseOfJava() {
    long[] special = {0, 1, -1, 1L << 40, Long.MAX_VALUE, 77, -123_456_789_012L, 1L << 63};
    long[] x = new long[128];
    long[] y = new long[128];
    for (int i = 0; i < x.length; i++) {
      x[i] = i < 64 ? special[i % 8] : random.nextLong();
      y[i] = i < 64 ? special[i / 8] : random.nextLong() >> random.nextInt(60);
    }
    long z = device.take(64L * x.length);
    device.launch("longs", blocks(x.length), THREADS, device.put(x), device.put(y), z, x.length);
    long[] results = device.longs(z, 8 * x.length);
    for (int i = 0; i < x.length; i++) {
      long a = x[i];
      long b = y[i];
      long high = Math.multiplyHigh(a, b);
      long[] expected = {
        a * b + a,
        b == 0 ? 0 : a / b,
        b == 0 ? 0 : Long.remainderUnsigned(a, b),
        high,
        high + (a < 0 ? b : 0) + (b < 0 ? a : 0),
        a >>> b,
        a >> b,
        Long.compareUnsigned(a, b) < 0 ? Long.bitCount(a) : Long.numberOfLeadingZeros(b)
      };
      for (int j = 0; j < expected.length; j++) {
        assertThat(results[8 * i + j])
            .describedAs("result %d of %d and %d", j, a, b)
            .isEqualTo(expected[j]);
      }
    }
  }

  private static float towardsZero(double value) {
    float nearest = (float) value;
    return Math.abs((double) nearest) <= Math.abs(value)
        ? nearest
        : value > 0 ? Math.nextDown(nearest) : Math.nextUp(nearest);
  }

  @Test
  void conversionsRoundAsTheyAreTold() {
    double[] x = {
      0, 1.5, 2.5, -2.5, -0.99, 126.7, -100.2, 3e9, -3e9, 1e18, 0.1, 123_456_789.123, 16_777_217
    };
    long z = device.take(96L * x.length);
    device.launch("conversions", 1, THREADS, device.put(x), z, x.length);
    long[] results = device.longs(z, 12 * x.length);
    for (int i = 0; i < x.length; i++) {
      double a = x[i];
      float f = (float) a;
      List<Long> expected = new ArrayList<>();
      expected.add((long) (int) f);
      expected.add(Math.max(0, Math.min(0xFFFFFFFFL, (long) f)));
      expected.add((long) f);
      expected.add((long) a);
      expected.add((long) (int) a);
      expected.add((long) (int) Math.rint(f));
      expected.add((long) (int) Math.floor(f));
      expected.add((long) (byte) (int) f);
      expected.add((int) f & 0xFFFFL);
      expected.add((long) Float.floatToIntBits((float) (long) a));
      expected.add(Double.doubleToLongBits((double) ((long) a & 0xFFFFFFFFL)));
      expected.add((long) Float.floatToIntBits(towardsZero(a)));
      for (int j = 0; j < expected.size(); j++) {
        assertThat(results[12 * i + j])
            .describedAs("conversion %d of %s", j, a)
            .isEqualTo(expected.get(j));
      }
    }
  }
}
