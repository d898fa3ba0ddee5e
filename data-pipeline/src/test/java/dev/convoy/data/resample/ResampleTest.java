package dev.convoy.data.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.resample.Resample.Method;
import dev.convoy.data.shard.Selection;
import dev.convoy.data.source.Listing;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResampleTest {
  private static final int EXAMPLES = 10_000;
  private static final int CLASSES = 5;

  /**
   * A statistic of normal distribution is further off once in two million draws; keys are fixed.
   */
  private static final double DEVIATIONS = 5;

  private static Listing listing(int examples) {
    int[] labels = IntStream.range(0, examples).map(i -> i * i % 7 % CLASSES).toArray();
    return Listing.ofRecords("records", labels);
  }

  private static Resample resample(Method method, int member) {
    return new Resample(method, 1, false, 5, 42, member);
  }

  private static int[] times(Resample resample, Listing listing, double[] weights) {
    Selection selection = resample.draw(listing, weights);
    return IntStream.range(0, listing.size()).map(i -> selection.times(listing.id(i))).toArray();
  }

  @Test
  void bootstrapWeightsSumToTheNumberOfExamplesAnd632PerMilleAreThere() {
    // Of the number of distinct examples: variance n (e^-1 - 2 e^-2) for large n.
    double expected = EXAMPLES * (1 - Math.pow(1 - 1.0 / EXAMPLES, EXAMPLES));
    double deviation = Math.sqrt(EXAMPLES * (Math.exp(-1) - 2 * Math.exp(-2)));
    for (int member = 0; member < 20; member++) {
      int[] times = times(resample(Method.BOOTSTRAP, member), listing(EXAMPLES), null);
      assertThat(Arrays.stream(times).sum()).isEqualTo(EXAMPLES);
      long unique = Arrays.stream(times).filter(count -> count > 0).count();
      assertThat((double) unique).isCloseTo(expected, within(DEVIATIONS * deviation));
      assertThat((double) unique / EXAMPLES).isCloseTo(0.632, within(0.02));
    }
  }

  @Test
  void bootstrapWeightsHaveMultinomialMargins() {
    int examples = 50;
    int members = 20_000;
    Listing listing = listing(examples);
    double[][] counts = new double[examples][8];
    double crossProducts = 0;
    for (int member = 0; member < members; member++) {
      int[] times = times(resample(Method.BOOTSTRAP, member), listing, null);
      for (int i = 0; i < examples; i++) {
        counts[i][Math.min(7, times[i])]++;
      }
      crossProducts += (times[3] - 1.0) * (times[17] - 1.0);
    }
    double[] margin = binomial(examples, 1.0 / examples, 7);
    for (int i = 0; i < examples; i++) {
      for (int count = 0; count <= 7; count++) {
        double share = margin[count];
        double deviation = Math.sqrt(share * (1 - share) / members);
        assertThat(counts[i][count] / members)
            .as("example %d, weight %d", i, count)
            .isCloseTo(share, within(DEVIATIONS * deviation + 1e-12));
      }
    }
    // Covariance of two weights: -1/n; the product's deviation is near 1.
    assertThat(crossProducts / members)
        .isCloseTo(-1.0 / examples, within(DEVIATIONS / Math.sqrt(members)));
  }

  /** Probabilities of 0 to {@code last - 1}, and of {@code last} or more. */
  private static double[] binomial(int trials, double chance, int last) {
    double[] probabilities = new double[last + 1];
    double probability = Math.pow(1 - chance, trials);
    double left = 1;
    for (int k = 0; k < last; k++) {
      probabilities[k] = probability;
      left -= probability;
      probability *= (trials - k) * chance / ((k + 1) * (1 - chance));
    }
    probabilities[last] = left;
    return probabilities;
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void aMembersDrawDependsOnSeedAndMemberAlone(Method method) {
    Listing listing = listing(1000);
    int[] first = times(new Resample(method, 0.6, false, 5, 42, 3), listing, null);
    times(new Resample(method, 0.6, false, 5, 42, 4), listing, null);
    assertThat(times(new Resample(method, 0.6, false, 5, 42, 3), listing, null)).isEqualTo(first);
    if (method != Method.FULL) {
      assertThat(times(new Resample(method, 0.6, false, 5, 42, 4), listing, null))
          .isNotEqualTo(first);
      assertThat(times(new Resample(method, 0.6, false, 5, 43, 3), listing, null))
          .isNotEqualTo(first);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 1})
  void pastingTakesAFractionOnceEach(double fraction) {
    Resample resample = new Resample(Method.PASTING, fraction, false, 5, 1, 0);
    int[] times = times(resample, listing(1000), null);
    assertThat(Arrays.stream(times).sum()).isEqualTo((int) (1000 * fraction));
    assertThat(times).containsOnly(fraction == 1 ? new int[] {1} : new int[] {0, 1});
  }

  @Test
  void membersWithoutOnePartEachLeaveOutEveryExampleOnce() {
    Listing listing = listing(1003);
    for (boolean stratified : new boolean[] {false, true}) {
      for (int repetition = 0; repetition < 2; repetition++) {
        int[] out = new int[listing.size()];
        for (int fold = 0; fold < 4; fold++) {
          int member = repetition * 4 + fold;
          int[] times =
              times(new Resample(Method.FOLDS, 1, stratified, 4, 9, member), listing, null);
          int left = 0;
          for (int i = 0; i < times.length; i++) {
            assertThat(times[i]).isBetween(0, 1);
            out[i] += 1 - times[i];
            left += 1 - times[i];
          }
          assertThat(left).isBetween(1003 / 4, 1003 / 4 + 1);
        }
        assertThat(out).containsOnly(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Method.class,
      names = {"BOOTSTRAP", "PASTING"})
  void stratifiedDrawsKeepTheSharesOfTheClasses(Method method) {
    Listing listing = listing(EXAMPLES);
    int[] times = times(new Resample(method, 0.5, true, 5, 7, 1), listing, null);
    for (int label = 0; label < CLASSES; label++) {
      int members = 0;
      int drawn = 0;
      for (int i = 0; i < times.length; i++) {
        if (listing.label(i) == label) {
          members++;
          drawn += times[i];
        }
      }
      assertThat(drawn).isEqualTo((int) Math.round(0.5 * members));
    }
  }

  @Test
  void heavyExamplesAreDrawnInProportion() {
    Listing listing = listing(EXAMPLES);
    double[] weights = new double[EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      weights[i] = i < 1000 ? 0 : i < 4000 ? 3 : 1;
    }
    int[] times = times(resample(Method.BOOTSTRAP, 0), listing, weights);
    assertThat(Arrays.stream(times, 0, 1000).sum()).isZero();
    double share = 9000.0 / 15_000;
    assertThat((double) Arrays.stream(times, 1000, 4000).sum() / EXAMPLES)
        .isCloseTo(share, within(DEVIATIONS * Math.sqrt(share * (1 - share) / EXAMPLES)));

    // Without replacement the first of a draw is heavy with the same share.
    Listing ten = listing(10);
    double[] weightsOfTen = {0, 3, 3, 3, 1, 1, 1, 1, 1, 1};
    int heavy = 0;
    for (int member = 0; member < 4000; member++) {
      int[] one = times(new Resample(Method.PASTING, 0.1, false, 5, 3, member), ten, weightsOfTen);
      heavy += Arrays.stream(one, 1, 4).sum();
      assertThat(one[0]).isZero();
    }
    assertThat(heavy / 4000.0)
        .isCloseTo(share, within(DEVIATIONS * Math.sqrt(share * (1 - share) / 4000)));
  }

  @Test
  void drawsAreOverTheExamplesGivenWhateverTheirIds() {
    Listing all = listing(100);
    Listing part = all.select(IntStream.range(0, 100).filter(i -> i % 3 != 0).toArray());
    Selection selection = resample(Method.BOOTSTRAP, 0).draw(part, null);
    assertThat(IntStream.range(0, 100).filter(i -> i % 3 == 0).map(selection::times))
        .containsOnly(0);
    assertThat(IntStream.range(0, 100).map(selection::times).sum()).isEqualTo(part.size());
  }

  @Test
  void seedsOfMembersDifferAndAreNotNegative() {
    long[] seeds = IntStream.range(0, 1000).mapToLong(m -> Resample.memberSeed(1, m)).toArray();
    assertThat(Arrays.stream(seeds).distinct().count()).isEqualTo(1000);
    assertThat(Arrays.stream(seeds)).allMatch(seed -> seed >= 0 && seed < 1L << 53);
  }

  @Test
  void nothingToDrawIsRefused() {
    assertThatThrownBy(() -> resample(Method.BOOTSTRAP, 0).draw(listing(3), new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one weight above 0");
    assertThatThrownBy(() -> new Resample(Method.PASTING, 1.5, false, 5, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a fraction in (0, 1]")
        .hasMessageContaining("1.5");
  }
}
