package dev.convoy.worker.cuda.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What nvcc makes of memory, barriers and loops does what Java does. */
class MemoryKernelsTest {
  private final TestDevice device = new TestDevice(SimulatedMachine.ordinary(), "memory.ptx");
  private final Random random = new Random(6);

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** The sum of some values by adding the second half to the first. */
  private static float treeSum(float[] values) {
    float[] sums = values.clone();
    for (int half = sums.length / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[i + half];
      }
    }
    return sums[0];
  }

  @Test
  void threadsWaitForEachOtherAtBarriers() {
    float[] x = floats(600);
    long sums = device.take(12);
    device.launch("blockSums", 3, 256, device.put(x), sums, x.length);
    float[] results = device.floats(sums, 3);
    for (int i = 0; i < 3; i++) {
      float[] part =
          Arrays.copyOf(Arrays.copyOfRange(x, 256 * i, Math.min(600, 256 * (i + 1))), 256);
      assertThat(results[i]).isEqualTo(treeSum(part));
    }
  }

  @Test
  void warpsHandRegistersOn() {
    float[] x = floats(192);
    long sums = device.take(24);
    device.launch("warpSums", 2, 96, device.put(x), sums);
    float[] results = device.floats(sums, 6);
    for (int i = 0; i < 6; i++) {
      assertThat(results[i]).isEqualTo(treeSum(Arrays.copyOfRange(x, 32 * i, 32 * (i + 1))));
    }
  }

  @Test
  void sharedMemoryHasTheSizeOfTheLaunch() {
    long rows = device.put(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(device.launchWithShared("reverseRows", 2, 5, 20, rows)).isZero();
    assertThat(device.ints(rows, 10)).containsExactly(5, 4, 3, 2, 1, 10, 9, 8, 7, 6);
  }

  @Test
  void bytesBecomeHalvesWithAStructureForAnArgument() {
    byte[] bytes = new byte[300];
    random.nextBytes(bytes);
    float[] means = floats(3);
    long halves = device.take(600);
    byte[] rectangle =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(-3)
            .putShort((short) -2)
            .put((byte) 200)
            .put((byte) 0)
            .putDouble(1 / 255.0)
            .array();
    device.launch(
        "bytesToHalves", 2, 32, device.put(bytes), device.put(means), halves, rectangle, 300);
    short[] results = device.shorts(halves, 300);
    for (int i = 0; i < 300; i++) {
      float difference = (bytes[i] & 0xFF) - means[i % 3];
      float value = (float) (difference * (1 / 255.0)) + -3 + -400;
      int rounded = Float.floatToIntBits(FloatFormat.UPPER_HALF.rounded(value)) >>> 16;
      assertThat(results[i]).isEqualTo((short) rounded);
    }
  }

  @Test
  void fourValuesGoAtOnce() {
    float[] x = floats(40);
    long values = device.put(x);
    device.launch("scaleFours", 1, 16, values, 3.0f, 10);
    float[] results = device.floats(values, 40);
    for (int i = 0; i < 40; i++) {
      assertThat(results[i]).isEqualTo(x[i] * 3);
    }
  }

  @Test
  void threadsHaveMemoryOfTheirOwn() {
    int[] x = random.ints(320).toArray();
    long values = device.put(x);
    device.launch("sortEights", 2, 20, values, 3);
    for (int i = 0; i < 40; i++) {
      Arrays.sort(x, 8 * i, 8 * i + 8);
    }
    assertThat(device.ints(values, 320)).isEqualTo(x);
  }

  private static long hash(long seed, int rounds) {
    long state = seed;
    for (int round = 0; round < rounds; round++) {
      state = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
      state = (state ^ state >>> 27) * 0x94D049BB133111EBL;
      state ^= state >>> 31;
    }
    return state;
  }

  @Test
  void hashesAreThoseOfJava() {
    long results = device.take(8 * 96);
    device.launch("hashes", 3, 32, 42L, results, 5);
    long[] hashes = device.longs(results, 96);
    for (int i = 0; i < 96; i++) {
      assertThat(hashes[i]).isEqualTo(hash(42 + i * 0x9E3779B97F4A7C15L, 5));
    }
  }

  @Test
  void threadsGoDifferentWaysAndMeetAgain() {
    int[] table = {3, 1, 4, 1, -5};
    int[] x = new int[65];
    for (int i = 0; i < x.length; i++) {
      x[i] = i * 5 % 7;
    }
    long results = device.take(4 * 64);
    device.launch("choices", 1, 64, device.put(x), results);
    int[] chosen = device.ints(results, 64);
    for (int i = 0; i < 64; i++) {
      int[] ways = {table[i % 5], x[i + 1] * 7, -i, i * i, 11 / (i + 1), i ^ 0x55, -1};
      assertThat(chosen[i]).isEqualTo(ways[x[i]]);
    }
  }
}
