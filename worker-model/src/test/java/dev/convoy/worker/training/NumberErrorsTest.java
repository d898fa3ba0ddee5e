package dev.convoy.worker.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.source.NumberScale;
import java.util.List;
import org.junit.jupiter.api.Test;

class NumberErrorsTest {
  private static final double ROUNDING = 1e-9;
  private static final float[][] NUMBERS = {{3, 1}, {-0.5f, 1}, {2, 1}, {7, 1}};
  private static final double[][] PREDICTED = {{2.5, 1}, {0, 2}, {2, 1}, {8, 0}};

  /** The example of scikit-learn's documentation of mean_absolute_error and r2_score. */
  @Test
  void errorsAreThoseOfScikitLearnsExample() {
    NumberErrors errors = errors(0, 4);
    assertThat(errors.meanAbsoluteError(0)).isCloseTo(0.5, within(ROUNDING));
    assertThat(errors.rootMeanSquaredError(0)).isCloseTo(Math.sqrt(0.375), within(ROUNDING));
    assertThat(errors.determination(0)).isCloseTo(0.9486081370449679, within(ROUNDING));
    assertThat(errors.determination(1)).as("all numbers are the same").isNaN();
    assertThat(errors.meanAbsoluteError()).isCloseTo((0.5 + 0.5) / 2, within(ROUNDING));
    assertThat(errors.rootMeanSquaredError())
        .isCloseTo((Math.sqrt(0.375) + Math.sqrt(0.5)) / 2, within(ROUNDING));
  }

  @Test
  void partsMergeToTheWholeAndUnitsComeBack() {
    EvaluationSums merged =
        EvaluationSums.merge(
            List.of(EvaluationSums.of(3, errors(0, 1)), EvaluationSums.of(5, errors(1, 4))));
    assertThat(merged.examples()).isEqualTo(4);
    assertThat(merged.loss()).isEqualTo(2);
    assertThat(merged.accuracy()).isNaN();
    NumberErrors whole = errors(0, 4);
    NumberScale scale = new NumberScale(new double[] {1000, 5}, new double[] {20, 3});
    NumberErrors own = merged.withoutConfusion().numberErrors().orElseThrow().unscaled(scale);
    assertThat(own.meanAbsoluteError(0)).isCloseTo(20 * 0.5, within(ROUNDING));
    assertThat(own.rootMeanSquaredError(1)).isCloseTo(3 * Math.sqrt(0.5), within(ROUNDING));
    assertThat(own.determination(0)).isCloseTo(whole.determination(0), within(ROUNDING));
  }

  @Test
  void sumsOfClassesHaveNoErrorsOfNumbers() {
    EvaluationSums classes = EvaluationSums.of(1, 2, new int[] {0, 1}, new int[] {0, 0});
    assertThat(EvaluationSums.merge(List.of(classes, classes)).numberErrors()).isEmpty();
    assertThat(classes.withoutConfusion().accuracy()).isEqualTo(0.5);
  }

  private static NumberErrors errors(int from, int to) {
    NumberErrors.Collector collector = new NumberErrors.Collector(2);
    for (int i = from; i < to; i++) {
      collector.add(PREDICTED[i], NUMBERS[i]);
    }
    return collector.errors();
  }
}
