package dev.convoy.driver.ensemble.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.driver.ensemble.predictions.TablePredictions;
import dev.convoy.driver.ensemble.statistics.Scores;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.SoftVote;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TemperatureFitTest {
  /** Probabilities are floats. */
  private static final double FLOAT_ROUNDING = 1e-6;

  /** Some three standard errors of the temperature on this many examples. */
  private static final double SAMPLING_ERROR = 0.05;

  private static final int EXAMPLES = 20_000;

  @Test
  void itMakesTheMeanProbabilityOfTwoClassesThatOfTheLabels() {
    // Always 0.9 for the first class, which is right three times in four: 9^(1/T) = 3, T = 2.
    float[] answer = {0.9f, 0.1f};
    double temperature =
        TemperatureFit.of(
            TablePredictions.of(2, new int[] {0, 0, 1, 0}, answer, answer, answer, answer),
            new SoftVote());
    assertThat(temperature).isCloseTo(2, within(FLOAT_ROUNDING));
  }

  @Test
  void calibratedPredictionsAreLeftAlone() {
    assertThat(TemperatureFit.of(calibrated(1), new SoftVote()))
        .isCloseTo(1, within(SAMPLING_ERROR));
  }

  @Test
  void whatWasSharpenedIsSoftenedBack() {
    assertThat(TemperatureFit.of(calibrated(3), new SoftVote()))
        .isCloseTo(3, within(3 * SAMPLING_ERROR));
    assertThat(TemperatureFit.of(calibrated(0.5), new SoftVote()))
        .isCloseTo(0.5, within(0.5 * SAMPLING_ERROR));
  }

  @Test
  void noOtherTemperatureIsBetterAndNoneIsNeededAfterwards() {
    TablePredictions predictions = TablePredictions.trained(2_000, 3, 5, 1).outOfBag(1);
    double temperature = TemperatureFit.of(predictions, new SoftVote());
    double best = loss(predictions, temperature);
    for (double factor : new double[] {1 / temperature, 0.5, 0.999, 1.001, 2}) {
      assertThat(loss(predictions, factor * temperature)).isGreaterThan(best);
    }
    assertThat(
            TemperatureFit.of(
                predictions,
                new CombinationSettings(3, 5, new SoftVote(), temperature).combination()))
        .isCloseTo(1, within(FLOAT_ROUNDING));
  }

  private static double loss(TablePredictions predictions, double temperature) {
    return Scores.of(
            predictions, new CombinationSettings(3, 5, new SoftVote(), temperature).combination())
        .negativeLogLikelihood();
  }

  @Test
  void whoIsAlwaysRightIsSharpenedToTheEnd() {
    float[] answer = {0.5f, 0.25f, 0.25f};
    assertThat(
            TemperatureFit.of(
                TablePredictions.of(3, new int[] {0, 0}, answer, answer), new SoftVote()))
        .isEqualTo(TemperatureFit.LOWEST);
  }

  @Test
  void whoIsAlwaysWrongIsSoftenedToTheEnd() {
    float[] answer = {0.5f, 0.25f, 0.25f};
    assertThat(
            TemperatureFit.of(
                TablePredictions.of(3, new int[] {1, 2}, answer, answer), new SoftVote()))
        .isEqualTo(TemperatureFit.HIGHEST);
  }

  @Test
  void whoSaysNothingHasATemperatureOfOne() {
    float third = 1 / 3f;
    float[] answer = {third, third, third};
    assertThat(
            TemperatureFit.of(
                TablePredictions.of(3, new int[] {1, 2}, answer, answer), new SoftVote()))
        .isEqualTo(1);
  }

  @Test
  void examplesWithoutAMemberDoNotCount() {
    TablePredictions some = TablePredictions.trained(500, 2, 3, 2).outOfBag(2);
    TablePredictions answered = some.answered();
    assertThat(answered.examples()).isLessThan(some.examples());
    assertThat(TemperatureFit.of(some, new SoftVote()))
        .isEqualTo(TemperatureFit.of(answered, new SoftVote()));
  }

  @Test
  void someExampleMustCount() {
    TablePredictions none =
        new TablePredictions(2, new int[] {0}, new float[][] {{1, 0}}, new boolean[][] {{false}});
    assertThatThrownBy(() -> TemperatureFit.of(none, new SoftVote()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot learn to combine members: expected an example that one takes part in, found"
                + " none of 1.");
  }

  /** One member whose labels are drawn from its probabilities, which are then sharpened. */
  private static TablePredictions calibrated(double sharpening) {
    KeyedRandom random = KeyedRandom.of(7, Purpose.SYNTHETIC);
    int[] labels = new int[EXAMPLES];
    float[][] probabilities = new float[EXAMPLES][4];
    for (int example = 0; example < EXAMPLES; example++) {
      double[] logits = new double[4];
      Arrays.setAll(logits, i -> 2 * random.nextGaussian());
      TablePredictions.softmax(logits, probabilities[example], 0);
      float left = random.nextFloat();
      while (labels[example] < 3 && left >= probabilities[example][labels[example]]) {
        left -= probabilities[example][labels[example]];
        labels[example]++;
      }
      TablePredictions.softmax(
          Arrays.stream(logits).map(logit -> logit * sharpening).toArray(),
          probabilities[example],
          0);
    }
    return TablePredictions.of(4, labels, probabilities);
  }
}
