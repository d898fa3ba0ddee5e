package dev.convoy.driver.ensemble.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.driver.ensemble.statistics.Scores;
import dev.convoy.worker.ensemble.SoftVote;
import dev.convoy.worker.ensemble.StackedVote;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class StackingFitTest {
  /** The gradient at rest moves probabilities by less. */
  private static final double AT_REST = 1e-7;

  /** Of central differences with the step below, of functions of some hundreds. */
  private static final double DIFFERENCE_ERROR = 1e-5;

  private static final double DIFFERENCE_STEP = 1e-5;

  @Test
  void ofAMemberThatIsAlwaysTheSameItLearnsHowOftenClassesAre() {
    // The intercepts alone can tell, and nothing holds them down.
    float[] answer = {0.5f, 0.5f};
    StackedVote fit =
        StackingFit.of(
            TablePredictions.of(2, new int[] {0, 0, 1, 0}, answer, answer, answer, answer), 100, 1);
    assertThat(combined(fit, answer)).containsExactly(new double[] {0.75, 0.25}, within(AT_REST));
    assertThat(fit.coefficients()).containsExactly(new double[4], within(AT_REST));
    assertThat(fit.intercepts())
        .containsExactly(new double[] {Math.log(3) / 2, -Math.log(3) / 2}, within(AT_REST));
  }

  @Test
  void itIsAtRest() {
    TablePredictions predictions = TablePredictions.trained(2_000, 3, 4, 1);
    StackedVote fit = StackingFit.of(predictions, 2_000, 1);
    double[] point =
        DoubleStream.concat(DoubleStream.of(fit.coefficients()), DoubleStream.of(fit.intercepts()))
            .toArray();
    assertThat(
            new SoftmaxRegression(StackingExamples.draw(predictions, 2_000, 1), 4)
                .at(point)
                .gradientNorm())
        .isLessThan(2 * NewtonMethod.MIN_GRADIENT);
    assertThat(DoubleStream.of(fit.intercepts()).sum()).isCloseTo(0, within(AT_REST));
    assertThat(Scores.of(predictions, fit).negativeLogLikelihood())
        .isLessThan(Scores.of(predictions, new SoftVote()).negativeLogLikelihood());
  }

  @Test
  void gradientAndCurvatureAreThoseOfTheLoss() {
    TablePredictions predictions = TablePredictions.trained(50, 2, 3, 2);
    SoftmaxRegression regression =
        new SoftmaxRegression(StackingExamples.draw(predictions, 50, 1), 3);
    KeyedRandom random = KeyedRandom.of(9, Purpose.SYNTHETIC);
    double[] point = new double[regression.dimensions()];
    Arrays.setAll(point, i -> random.nextGaussian());
    double[] direction = new double[point.length];
    Arrays.setAll(direction, i -> random.nextGaussian());
    NewtonMethod.Evaluation here = regression.at(point);
    NewtonMethod.Evaluation after = regression.at(moved(point, direction, DIFFERENCE_STEP));
    NewtonMethod.Evaluation before = regression.at(moved(point, direction, -DIFFERENCE_STEP));
    double slope = 0;
    double[] curvature = here.curvature().apply(direction);
    for (int i = 0; i < point.length; i++) {
      slope += here.gradient()[i] * direction[i];
      assertThat((after.gradient()[i] - before.gradient()[i]) / (2 * DIFFERENCE_STEP))
          .isCloseTo(curvature[i], within(DIFFERENCE_ERROR));
    }
    assertThat((after.value() - before.value()) / (2 * DIFFERENCE_STEP))
        .isCloseTo(slope, within(DIFFERENCE_ERROR));
  }

  @Test
  void membersInAnotherOrderHaveTheSameCoefficients() {
    TablePredictions predictions = TablePredictions.trained(500, 3, 2, 3).outOfBag(3);
    double[] coefficients = StackingFit.of(predictions, 500, 1).coefficients();
    double[] permuted = StackingFit.of(predictions.permuted(2, 0, 1), 500, 1).coefficients();
    int each = 4;
    for (int i = 0; i < each; i++) {
      assertThat(permuted[i]).isCloseTo(coefficients[2 * each + i], within(AT_REST));
      assertThat(permuted[each + i]).isCloseTo(coefficients[i], within(AT_REST));
      assertThat(permuted[2 * each + i]).isCloseTo(coefficients[each + i], within(AT_REST));
    }
  }

  @Test
  void aClassThatNoExampleHasIsNeverChosen() {
    TablePredictions two = TablePredictions.trained(300, 2, 3, 4);
    int[] labels = Arrays.stream(two.labels()).map(label -> label == 2 ? 0 : label).toArray();
    TablePredictions predictions = TablePredictions.of(3, labels, two.probabilities());
    StackedVote fit = StackingFit.of(predictions, 300, 1);
    for (float[] answer : predictions.probabilities()) {
      assertThat(combined(fit, answer)[2]).isLessThan(AT_REST);
    }
  }

  @Test
  void separableClassesAreHeldDown() {
    // Without a penalty the coefficients would be infinite.
    int[] labels = {0, 1, 0, 1};
    TablePredictions predictions =
        TablePredictions.of(
            2,
            labels,
            new float[] {1, 0},
            new float[] {0, 1},
            new float[] {1, 0},
            new float[] {0, 1});
    StackedVote fit = StackingFit.of(predictions, 4, 1);
    // By symmetry W = [[a, -a], [-a, a]] with a = 2 (1 - p), 1 - p = 1 / (1 + exp(2a)).
    double a = fit.coefficients()[0];
    assertThat(fit.coefficients()).containsExactly(new double[] {a, -a, -a, a}, within(AT_REST));
    assertThat(a).isCloseTo(2 / (1 + Math.exp(2 * a)), within(AT_REST));
  }

  @Test
  void moreExamplesThanMayBeUsedAreDrawnByTheSeed() {
    TablePredictions predictions = TablePredictions.trained(1_000, 2, 3, 5).outOfBag(5);
    StackedVote fit = StackingFit.of(predictions, 300, 1);
    assertThat(StackingFit.of(predictions, 300, 1)).isEqualTo(fit);
    assertThat(StackingFit.of(predictions, 300, 2)).isNotEqualTo(fit);
    StackingExamples drawn = StackingExamples.draw(predictions, 300, 1);
    StackingExamples fewer = StackingExamples.draw(predictions, 200, 1);
    assertThat(Arrays.asList(drawn.features())).containsAll(Arrays.asList(fewer.features()));
  }

  @Test
  void examplesWithoutAMemberAreLeftOut() {
    TablePredictions some = TablePredictions.trained(400, 2, 3, 6).outOfBag(6);
    TablePredictions answered = some.answered();
    StackedVote fit = StackingFit.of(some, 400, 1);
    assertThat(answered.examples()).isLessThan(400);
    assertThat(fit).isEqualTo(StackingFit.of(answered, 400, 1));
  }

  @Test
  void membersThatTakeNoPartSayTheMeanOfTheOthers() {
    StackingExamples examples =
        StackingExamples.draw(
            new TablePredictions(
                2,
                new int[] {1},
                new float[][] {{0.25f, 0.75f, 9, 9, 0.75f, 0.25f}},
                new boolean[][] {{true, false, true}}),
            10,
            1);
    assertThat(examples.features()[0]).containsExactly(0.25f, 0.75f, 0.5f, 0.5f, 0.75f, 0.25f);
    assertThat(examples.labels()).containsExactly(1);
  }

  @Test
  void sizesAreChecked() {
    TablePredictions predictions = TablePredictions.trained(10, 2, 3, 1);
    assertThatThrownBy(() -> StackingFit.of(predictions, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot stack members: expected at least 1 example and at most 4,194,304 coefficients"
                + " (members × classes²), found 0 and 18. Weigh the members instead.");
    int classes = 2_049;
    TablePredictions large = TablePredictions.of(classes, new int[] {0}, new float[classes]);
    assertThatThrownBy(() -> StackingFit.of(large, 10, 1))
        .hasMessageContaining("found 10 and 4,198,401.");
  }

  private static double[] moved(double[] point, double[] direction, double length) {
    double[] moved = point.clone();
    Arrays.setAll(moved, i -> point[i] + length * direction[i]);
    return moved;
  }

  private static double[] combined(StackedVote fit, float[] answer) {
    double[] combined = new double[fit.intercepts().length];
    boolean[] parts = new boolean[answer.length / combined.length];
    Arrays.fill(parts, true);
    fit.combine(answer, parts, combined);
    return combined;
  }
}
