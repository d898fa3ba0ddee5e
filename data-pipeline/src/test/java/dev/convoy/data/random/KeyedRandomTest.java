package dev.convoy.data.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyedRandomTest {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  @Test
  void mixIsTheReferenceSplitMix64() {
    long[] published = {
      6457827717110365317L,
      3203168211198807973L,
      Long.parseUnsignedLong("9817491932198370423"),
      4593380528125082431L,
      Long.parseUnsignedLong("16408922859458223821")
    };

    long[] mixed =
        LongStream.rangeClosed(1, 5)
            .map(step -> KeyedRandom.mix(1234567 + step * GOLDEN_GAMMA))
            .toArray();

    assertThat(mixed).containsExactly(published);
  }

  @Test
  void numbersOfOneKeyNeverChange() {
    KeyedRandom random = KeyedRandom.of(42, Purpose.PERMUTATION, 3, 1);

    assertThat(random.nextLong()).isEqualTo(2979432581708584389L);
    assertThat(random.nextInt(1000)).isEqualTo(316);
    assertThat(random.nextDouble()).isEqualTo(0.49934477288216106);
    assertThat(random.nextGaussian()).isEqualTo(-0.4616530321509062);
    int[] values = IntStream.range(0, 8).toArray();
    random.shuffle(values);
    assertThat(values).containsExactly(4, 5, 7, 0, 3, 2, 1, 6);
  }

  @Test
  void purposeCodesAreFixedAndDistinct() {
    assertThat(Arrays.stream(Purpose.values()).mapToLong(Purpose::code).toArray())
        .containsExactly(LongStream.rangeClosed(1, 21).toArray());
    assertThat(Purpose.PERMUTATION.code()).isEqualTo(4);
    assertThat(Purpose.TRIAL.code()).isEqualTo(10);
    assertThat(Purpose.STACKING.code()).isEqualTo(11);
  }

  @Test
  void keysOfDifferentSeedsPurposesAndCoordinatesDiffer() {
    Set<Long> keys = new HashSet<>();
    int made = 0;
    for (long seed = -2; seed <= 2; seed++) {
      for (Purpose purpose : Purpose.values()) {
        keys.add(KeyedRandom.key(seed, purpose));
        made++;
        for (long first = -1; first < 10; first++) {
          keys.add(KeyedRandom.key(seed, purpose, first));
          made++;
          for (long second = 0; second < 10; second++) {
            keys.add(KeyedRandom.key(seed, purpose, first, second));
            made++;
          }
        }
      }
    }

    assertThat(keys).hasSize(made);
  }

  @Test
  void everyBitOfNeighbouringKeysIsSetAboutHalfTheTime() {
    int keys = 4096;
    int[] counts = new int[Long.SIZE];
    for (int i = 0; i < keys; i++) {
      long key = KeyedRandom.key(0, Purpose.AUGMENTATION, 0, i);
      for (int bit = 0; bit < Long.SIZE; bit++) {
        counts[bit] += (int) (key >>> bit & 1);
      }
    }

    // Five standard deviations of a fair coin: 5 * sqrt(4096) / 2.
    assertThat(Arrays.stream(counts))
        .allSatisfy(count -> assertThat(count).isCloseTo(keys / 2, within(160)));
  }

  @Test
  void boundedNumbersAreUniform() {
    int draws = 70_000;
    int[] counts = new int[7];
    KeyedRandom random = KeyedRandom.of(7, Purpose.SPLIT);
    for (int i = 0; i < draws; i++) {
      counts[random.nextInt(7)]++;
    }

    // Six standard deviations: 6 * sqrt(70000 * 1/7 * 6/7).
    assertThat(Arrays.stream(counts))
        .allSatisfy(count -> assertThat(count).isCloseTo(10_000, within(556)));
  }

  @Test
  void boundsThatAreNotPositiveAreRefused() {
    KeyedRandom random = KeyedRandom.of(7, Purpose.SPLIT);

    assertThatThrownBy(() -> random.nextInt(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a positive bound, found 0");
  }

  @Test
  void largestBoundIsServed() {
    KeyedRandom random = KeyedRandom.of(7, Purpose.SPLIT);

    assertThat(IntStream.range(0, 1000).map(i -> random.nextInt(Integer.MAX_VALUE)))
        .allMatch(value -> value >= 0 && value < Integer.MAX_VALUE);
  }

  @Test
  void realNumbersStayInTheirInterval() {
    KeyedRandom random = KeyedRandom.of(7, Purpose.SPLIT);
    for (int i = 0; i < 10_000; i++) {
      assertThat(random.nextDouble()).isGreaterThanOrEqualTo(0).isLessThan(1);
      assertThat(random.nextFloat()).isGreaterThanOrEqualTo(0).isLessThan(1);
      assertThat(random.nextDouble(-3, 5)).isGreaterThanOrEqualTo(-3).isLessThan(5);
      assertThat(random.nextInt(-3, 5)).isBetween(-3, 4);
    }
  }

  @Test
  void normalNumbersHaveMeanZeroAndVarianceOne() {
    int draws = 100_000;
    KeyedRandom random = KeyedRandom.of(7, Purpose.INITIALIZATION);
    double sum = 0;
    double squareSum = 0;
    for (int i = 0; i < draws; i++) {
      double value = random.nextGaussian();
      sum += value;
      squareSum += value * value;
    }

    // Six standard errors: 6 / sqrt(n) for the mean, 6 * sqrt(2 / n) for the variance.
    assertThat(sum / draws).isCloseTo(0, within(0.019));
    assertThat(squareSum / draws).isCloseTo(1, within(0.027));
  }

  @Test
  void shufflingReachesEveryPermutationEquallyOften() {
    int rounds = 24_000;
    int[] counts = new int[64];
    for (int i = 0; i < rounds; i++) {
      int[] values = {0, 1, 2, 3};
      KeyedRandom.of(1, Purpose.PERMUTATION, i).shuffle(values);
      counts[values[0] * 16 + values[1] * 4 + values[2]]++;
    }

    int[] reached = Arrays.stream(counts).filter(count -> count > 0).toArray();
    assertThat(reached).hasSize(24);
    // Six standard deviations: 6 * sqrt(24000 * 1/24 * 23/24).
    assertThat(Arrays.stream(reached))
        .allSatisfy(count -> assertThat(count).isCloseTo(1000, within(186)));
  }
}
