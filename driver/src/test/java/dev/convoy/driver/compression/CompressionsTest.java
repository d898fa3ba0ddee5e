package dev.convoy.driver.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionsTest {
  private static final int VALUES = Compression.BLOCK + 300;

  private final Random random = new Random(4);

  @ParameterizedTest
  @ValueSource(strings = {"bfloat16", "8-bit", "top-k", "none"})
  void whatIsLeftOutIsWhatIsMissing(String name) {
    float[] changes = changes();
    float[] residual = changes.clone();
    float[] others = {3, Float.MIN_VALUE};
    float[] sent = sent(create(name), residual, others);
    for (int i = 0; i < VALUES; i++) {
      assertThat(residual[i]).isEqualTo(changes[i] - sent[i]);
    }
    assertThat(others).containsExactly(3, Float.MIN_VALUE);
  }

  @ParameterizedTest
  @CsvSource({"none, 17584", "bfloat16, 8792", "8-bit, 4468", "top-k, 264"})
  void aValueTakesSoManyBytes(String name, int bytes) {
    byte[] sent = CompressedChanges.compress(create(name), changes(), 0, VALUES, new float[0]);
    assertThat(sent).hasSize(bytes);
  }

  /** The two bfloat16 around a value have half a float's digits: it is the nearer of them. */
  @Test
  void bfloat16IsTheNearestOne() {
    float[] changes = changes();
    changes[0] = 1 + 1 / 256f; // between two: to the even one
    changes[1] = 1 + 3 / 256f;
    float[] sent = sent(create("bfloat16"), changes.clone(), new float[0]);
    assertThat(sent[0]).isEqualTo(1);
    assertThat(sent[1]).isEqualTo(1 + 4 / 256f);
    for (int i = 2; i < VALUES; i++) {
      double spacing = Math.scalb(1.0, Math.getExponent(changes[i]) - 7);
      assertThat(sent[i] / spacing).isEqualTo(Math.rint(changes[i] / spacing));
      assertThat(Math.abs(sent[i] - changes[i])).isLessThanOrEqualTo(Math.abs(changes[i]) / 256);
    }
  }

  @Test
  void eightBitsAreTheNearestOf255Steps() {
    float[] changes = changes();
    float[] sent = sent(create("8-bit"), changes.clone(), new float[0]);
    for (int from = 0; from < VALUES; from += EightBits.GROUP) {
      // Groups end with the block, as here they all do but the last.
      int to = Math.min(VALUES, from + EightBits.GROUP);
      double largest = 0;
      for (int i = from; i < to; i++) {
        largest = Math.max(largest, Math.abs(changes[i]));
      }
      for (int i = from; i < to; i++) {
        assertThat((double) sent[i]).isCloseTo(changes[i], within(largest / 127 / 2 * 1.00001));
      }
    }
  }

  @Test
  void theLargestChangesOfABlockAreSentAsTheyAre() {
    float[] changes = changes();
    changes[17] = -changes[20]; // of equals the first
    float[] sent = sent(create("top-k"), changes.clone(), new float[0]);
    List<Integer> largest =
        IntStream.range(0, Compression.BLOCK)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(i -> -Math.abs(changes[i]))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(41)
            .toList();
    for (int i = 0; i < Compression.BLOCK; i++) {
      assertThat(sent[i]).isEqualTo(largest.contains(i) ? changes[i] : 0);
    }
  }

  @Test
  void equalChangesAreSentInTheirOrderUpToTheShare() {
    float[] changes = new float[VALUES];
    Arrays.fill(changes, -2f);
    Compression half =
        Compressions.FAMILY.create(new ComponentSettings("top-k", Map.of("share", 0.5)));
    float[] sent = sent(half, changes, new float[0]);
    assertThat(Arrays.copyOfRange(sent, 0, 2048)).containsOnly(-2f);
    assertThat(Arrays.copyOfRange(sent, 2048, 4096)).containsOnly(0f);
    assertThat(Arrays.copyOfRange(sent, 4096, 4096 + 150)).containsOnly(-2f);
  }

  /** Changes too small to be sent next to a large one get through when they have added up. */
  @ParameterizedTest
  @ValueSource(strings = {"8-bit", "top-k"})
  void whatIsLeftOutIsMadeUpFor(String name) {
    float[] residual = new float[VALUES];
    double[] arrived = new double[VALUES];
    int rounds = 300;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < VALUES; i++) {
        residual[i] += i % 256 == 0 ? 1 : 1 / 1024f;
      }
      float[] sent = sent(create(name), residual, new float[0]);
      for (int i = 0; i < VALUES; i++) {
        arrived[i] += sent[i];
      }
    }
    for (int i = 0; i < VALUES; i++) {
      double wanted = rounds * (i % 256 == 0 ? 1 : 1 / 1024.0);
      assertThat(arrived[i] + residual[i]).isCloseTo(wanted, within(1e-3));
    }
    double small =
        IntStream.range(0, VALUES).filter(i -> i % 256 != 0).mapToDouble(i -> arrived[i]).sum();
    assertThat(small / (VALUES - 18)).isGreaterThan(rounds / 1024.0 / 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "bfloat16", "8-bit", "top-k"})
  void whatIsNoNumberStaysNone(String name) {
    for (float none : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] changes = changes();
      changes[99] = none;
      float[] sent = sent(create(name), changes, new float[0]);
      assertThat(Float.isFinite(sent[99])).isFalse();
    }
  }

  private static Compression create(String name) {
    return Compressions.FAMILY.create(ComponentSettings.defaults(name));
  }

  /** What arrives of changes, which become what was left out. */
  private static float[] sent(Compression compression, float[] changes, float[] others) {
    byte[] bytes = CompressedChanges.compress(compression, changes, 0, VALUES, others.clone());
    float[] sent = new float[VALUES];
    Arrays.fill(others, -1);
    CompressedChanges.decompress(compression, bytes, sent, others);
    return sent;
  }

  private float[] changes() {
    float[] values = new float[VALUES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
    }
    return values;
  }
}
