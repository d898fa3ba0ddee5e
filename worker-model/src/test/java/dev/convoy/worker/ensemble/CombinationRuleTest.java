package dev.convoy.worker.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CombinationRuleTest {
  /** Probabilities are floats: their sums are off by some of their roundings. */
  private static final double FLOAT_ROUNDING = 1e-6;

  private static final double DOUBLE_ROUNDING = 1e-12;
  private static final boolean[] BOTH = {true, true};
  private static final boolean[] FIRST = {true, false};

  /** Of two members, exact in floats. */
  private static final float[] TWO = {0.5f, 0.25f, 0.25f, 0.125f, 0.125f, 0.75f};

  @Test
  void aSoftVoteIsTheMean() {
    assertThat(combine(new SoftVote(), TWO, BOTH)).containsExactly(0.3125, 0.1875, 0.5);
  }

  @Test
  void aGeometricMeanIsNormalised() {
    double[] roots = {
      Math.sqrt(0.5 * 0.125), Math.sqrt(0.25 * 0.125), Math.sqrt(0.25 * 0.75),
    };
    double sum = DoubleStream.of(roots).sum();
    assertThat(combine(new GeometricMean(), TWO, BOTH))
        .containsExactly(
            new double[] {roots[0] / sum, roots[1] / sum, roots[2] / sum}, within(DOUBLE_ROUNDING));
  }

  @Test
  void oneMemberThatIsSureDoesNotSilenceTheOthersInAGeometricMean() {
    // √(1e-10 · 1) for both classes: 0 counts as 1e-10.
    assertThat(combine(new GeometricMean(), new float[] {1, 0, 0, 1}, BOTH))
        .containsExactly(new double[] {0.5, 0.5}, within(DOUBLE_ROUNDING));
  }

  @Test
  void weightsCountByTheirRatios() {
    assertThat(combine(new WeightedVote(List.of(6.0, 2.0)), TWO, BOTH))
        .containsExactly(0.40625, 0.21875, 0.375);
  }

  @Test
  void weightsAreSharedOutAmongThoseThatTakePart() {
    assertThat(combine(new WeightedVote(List.of(0.25, 0.75)), TWO, FIRST))
        .containsExactly(0.5, 0.25, 0.25);
  }

  @Test
  void whereNoWeightIsLeftTheMeanCounts() {
    float[] three = {0.5f, 0.5f, 1, 0, 0, 1};
    assertThat(
            combine(
                new WeightedVote(List.of(0.0, 0.0, 1.0)), three, new boolean[] {true, true, false}))
        .containsExactly(0.75, 0.25);
  }

  @Test
  void aHardVoteSharesOutVotes() {
    float[] three = {0.5f, 0.25f, 0.25f, 0.75f, 0, 0.25f, 0, 0, 1};
    assertThat(combine(new HardVote(), three, new boolean[] {true, true, true}))
        .containsExactly(2.0 / 3, 0, 1.0 / 3);
  }

  @Test
  void aMemberThatFindsClassesEquallyProbableVotesForTheFirst() {
    assertThat(combine(new HardVote(), new float[] {0.2f, 0.4f, 0.4f}, new boolean[] {true}))
        .containsExactly(0, 1, 0);
  }

  @Test
  void ofEquallyManyVotesTheHigherMeanIsChosenByOneStepOfAFloat() {
    double[] combined = combine(new HardVote(), TWO, BOTH);
    assertThat(combined).containsExactly(0.5, 0, Math.nextUp(0.5f));
  }

  @Test
  void ofEquallyManyVotesAndMeansTheFirstIsChosen() {
    assertThat(combine(new HardVote(), new float[] {0, 0, 1, 0, 1, 0}, BOTH))
        .containsExactly(0, Math.nextUp(0.5f), 0.5);
  }

  @Test
  void theWinnerOfATieIsTheMostProbableAsDoublesAndAsFloats() {
    // Of 3, 6, 7 or 15 classes with a vote each, whose shares no float holds, the last wins by
    // mean.
    for (int classes : new int[] {3, 6, 7, 15}) {
      float[] probabilities = new float[classes * classes];
      for (int member = 0; member < classes; member++) {
        probabilities[member * classes + member] = member == classes - 1 ? 1 : 0.75f;
      }
      boolean[] all = new boolean[classes];
      Arrays.fill(all, true);
      double[] combined = new double[classes];
      new HardVote().combine(probabilities, all, combined);
      for (int other = 0; other < classes - 1; other++) {
        assertThat(combined[classes - 1]).isGreaterThan(combined[other]);
        assertThat((float) combined[classes - 1]).isGreaterThan((float) combined[other]);
      }
      assertThat(DoubleStream.of(combined).sum()).isCloseTo(1, within(FLOAT_ROUNDING));
    }
  }

  @Test
  void aStackedVoteIsARegressionOnAllThatMembersSay() {
    // Two members, two classes; coefficients by member, class said, class answered.
    StackedVote rule =
        new StackedVote(new double[] {1, 0, 0, 2, 3, 0, 0, 4}, new double[] {0.5, -0.5});
    double first = 0.25 * 1 + 0.5 * 3 + 0.5;
    double second = 0.75 * 2 + 0.5 * 4 - 0.5;
    double expected = 1 / (1 + Math.exp(second - first));
    assertThat(combine(rule, new float[] {0.25f, 0.75f, 0.5f, 0.5f}, BOTH))
        .containsExactly(new double[] {expected, 1 - expected}, within(DOUBLE_ROUNDING));
  }

  @Test
  void whoTakesNoPartInAStackedVoteSaysTheMeanOfTheOthers() {
    KeyedRandom random = KeyedRandom.of(5, Purpose.SYNTHETIC);
    StackedVote rule = stacked(3, 2, random);
    float[] two = {0.25f, 0.75f, 0.5f, 0.5f, Float.NaN, 7};
    float[] three = {0.25f, 0.75f, 0.5f, 0.5f, 0.375f, 0.625f};
    assertThat(combine(rule, two, new boolean[] {true, true, false}))
        .isEqualTo(combine(rule, three, new boolean[] {true, true, true}));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void answersArePureAndSumToOne(CombinationRule rule) {
    KeyedRandom random = KeyedRandom.of(1, Purpose.SYNTHETIC);
    for (int example = 0; example < 100; example++) {
      float[] probabilities = probabilities(3, 4, random);
      float[] before = probabilities.clone();
      boolean[] parts = {random.nextBoolean(), true, random.nextBoolean()};
      double[] combined = new double[4];
      Arrays.fill(combined, Double.NaN);
      rule.combine(probabilities, parts, combined);
      assertThat(probabilities).isEqualTo(before);
      assertThat(DoubleStream.of(combined).min().orElseThrow()).isNotNegative();
      assertThat(DoubleStream.of(combined).sum()).isCloseTo(1, within(FLOAT_ROUNDING));
      double[] again = new double[4];
      rule.combine(probabilities, parts, again);
      assertThat(again).isEqualTo(combined);
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void whatMembersThatTakeNoPartSayDoesNotMatter(CombinationRule rule) {
    float[] probabilities = probabilities(3, 4, KeyedRandom.of(2, Purpose.SYNTHETIC));
    boolean[] parts = {true, false, true};
    double[] expected = new double[4];
    rule.combine(probabilities, parts, expected);
    Arrays.fill(probabilities, 4, 8, Float.NaN);
    double[] combined = new double[4];
    rule.combine(probabilities, parts, combined);
    assertThat(combined).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("means")
  void equalMembersGiveTheMemberBack(CombinationRule rule) {
    float[] one = probabilities(1, 4, KeyedRandom.of(3, Purpose.SYNTHETIC));
    float[] equal = new float[12];
    IntStream.range(0, 12).forEach(i -> equal[i] = one[i % 4]);
    double[] combined = new double[4];
    rule.combine(equal, new boolean[] {true, true, true}, combined);
    for (int i = 0; i < 4; i++) {
      assertThat(combined[i]).isCloseTo(one[i], within(FLOAT_ROUNDING));
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void someoneMustTakePart(CombinationRule rule) {
    assertThatThrownBy(() -> rule.combine(new float[12], new boolean[3], new double[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot combine members: expected one that takes part, found none of 3.");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void lengthsMustFit(CombinationRule rule) {
    assertThatThrownBy(() -> rule.combine(new float[11], new boolean[3], new double[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot combine members: expected 3 × 4 probabilities, found 11.");
  }

  @Test
  void aWeightedVoteIsForItsMembersOnly() {
    assertThatThrownBy(() -> combine(new WeightedVote(List.of(1.0)), TWO, BOTH))
        .hasMessage(
            "Cannot combine members by weights: expected 2 weights, one for each member, found 1.");
  }

  @Test
  void aStackedVoteIsForItsMembersAndClassesOnly() {
    StackedVote rule = new StackedVote(new double[8], new double[2]);
    assertThatThrownBy(() -> rule.requireFit(2, 3))
        .hasMessage(
            "Cannot combine members by stacking: expected 3 intercepts, one for each class, found"
                + " 2.");
    assertThatThrownBy(() -> rule.requireFit(3, 2))
        .hasMessage("Cannot combine members by stacking: expected 3 × 2² coefficients, found 8.");
  }

  @Test
  void weightsAreChecked() {
    String expected = "Cannot combine members by weights: expected ";
    assertThatThrownBy(() -> new WeightedVote(List.of(1.0, -0.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(expected + "weights of 0 or more, found -0.5.");
    assertThatThrownBy(() -> new WeightedVote(List.of(1.0, Double.NaN)))
        .hasMessage(expected + "weights of 0 or more, found NaN.");
    assertThatThrownBy(() -> new WeightedVote(List.of(0.0, 0.0)))
        .hasMessage(expected + "weights with a finite sum above 0, found 0.0.");
    assertThatThrownBy(() -> new WeightedVote(List.of(Double.MAX_VALUE, Double.MAX_VALUE)))
        .hasMessage(expected + "weights with a finite sum above 0, found Infinity.");
  }

  @Test
  void coefficientsAreChecked() {
    String expected = "Cannot combine members by stacking: expected ";
    assertThatThrownBy(() -> new StackedVote(new double[9], new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(expected + "members × 2² coefficients, found 9.");
    assertThatThrownBy(() -> new StackedVote(new double[0], new double[2]))
        .hasMessage(expected + "members × 2² coefficients, found 0.");
    assertThatThrownBy(() -> new StackedVote(new double[(1 << 22) + 4], new double[2]))
        .hasMessage(expected + "at most 4,194,304 coefficients, found 4194308.");
    assertThatThrownBy(
            () -> new StackedVote(new double[4], new double[] {0, Double.POSITIVE_INFINITY}))
        .hasMessage(expected + "finite numbers, found Infinity.");
  }

  @Test
  void aStackedVoteKeepsItsNumbersToItself() {
    double[] coefficients = {1, 2, 3, 4};
    StackedVote rule = new StackedVote(coefficients, new double[2]);
    coefficients[0] = 5;
    rule.coefficients()[1] = 5;
    rule.intercepts()[0] = 5;
    assertThat(rule).isEqualTo(new StackedVote(new double[] {1, 2, 3, 4}, new double[2]));
    assertThat(rule).hasSameHashCodeAs(new StackedVote(new double[] {1, 2, 3, 4}, new double[2]));
    assertThat(rule).isNotEqualTo(new StackedVote(new double[] {1, 2, 3, 5}, new double[2]));
    assertThat(rule).hasToString("StackedVote[4 coefficients, 2 intercepts]");
  }

  static List<CombinationRule> rules() {
    return List.of(
        new SoftVote(),
        new GeometricMean(),
        new WeightedVote(List.of(0.5, 0.2, 0.3)),
        new HardVote(),
        stacked(3, 4, KeyedRandom.of(4, Purpose.SYNTHETIC)));
  }

  static List<CombinationRule> means() {
    return rules().subList(0, 3);
  }

  private static StackedVote stacked(int members, int classes, KeyedRandom random) {
    return new StackedVote(
        DoubleStream.generate(random::nextGaussian)
            .limit((long) members * classes * classes)
            .toArray(),
        DoubleStream.generate(random::nextGaussian).limit(classes).toArray());
  }

  private static float[] probabilities(int members, int classes, KeyedRandom random) {
    float[] probabilities = new float[members * classes];
    for (int member = 0; member < members; member++) {
      float sum = 0;
      for (int i = member * classes; i < (member + 1) * classes; i++) {
        probabilities[i] = random.nextFloat();
        sum += probabilities[i];
      }
      for (int i = member * classes; i < (member + 1) * classes; i++) {
        probabilities[i] /= sum;
      }
    }
    return probabilities;
  }

  private static double[] combine(CombinationRule rule, float[] probabilities, boolean[] parts) {
    double[] combined = new double[probabilities.length / parts.length];
    rule.combine(probabilities, parts, combined);
    return combined;
  }
}
