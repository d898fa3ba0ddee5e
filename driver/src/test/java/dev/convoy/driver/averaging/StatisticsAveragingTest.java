package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsAveragingTest {
  /** A weight, two means, a weight, two variances. */
  private static final Layout LAYOUT =
      new Layout(List.of(new Learned(0, 1), new Learned(3, 4)), List.of(new Moments(1, 4, 2, 1)));

  private final Random random = new Random(8);

  /** Samples of three sizes: their moments averaged are the moments of all of them together. */
  @Test
  void averagedMomentsAreThoseOfAllSamplesTogether() {
    int[] sizes = {40, 70, 10};
    double[] sum = new double[2];
    double[] squares = new double[2];
    AveragingRule.Round round =
        new PlainMean().begin(ModelState.first(new float[6]), new RoundPlace(0, 0.1, 2), LAYOUT);
    for (int worker = 0; worker < sizes.length; worker++) {
      float[] parameters = {worker, 0, 0, -worker, 0, 0};
      for (int channel = 0; channel < 2; channel++) {
        double workerSum = 0;
        double workerSquares = 0;
        for (int i = 0; i < sizes[worker]; i++) {
          double value = 100 + worker + (channel + 1) * random.nextGaussian();
          workerSum += value;
          workerSquares += value * value;
        }
        double mean = workerSum / sizes[worker];
        parameters[1 + channel] = (float) mean;
        parameters[4 + channel] = (float) (workerSquares / sizes[worker] - mean * mean);
        sum[channel] += workerSum;
        squares[channel] += workerSquares;
      }
      round.add(parameters, sizes[worker]);
    }
    float[] together = round.end().parameters();
    for (int channel = 0; channel < 2; channel++) {
      double mean = sum[channel] / 120;
      assertThat((double) together[1 + channel]).isCloseTo(mean, within(1e-5));
      assertThat((double) together[4 + channel])
          .isCloseTo(squares[channel] / 120 - mean * mean, within(1e-4));
    }
    assertThat((double) together[0]).isCloseTo((70 + 2 * 10) / 120.0, within(1e-6));
    assertThat((double) together[3]).isCloseTo(-(70 + 2 * 10) / 120.0, within(1e-6));
  }

  /**
   * Workers send what their batches take off the running statistics. These become what one batch of
   * all images makes them: d · running + (1 − d) · the batch's.
   */
  @Test
  void gradientsOfSeveralBatchesTakeOffWhatOneOfThemTogetherDoes() {
    double decay = 0.9;
    int[] sizes = {40, 70, 10};
    float[] running = {0, 3, -2, 0, 5, 0.5f};
    double[] sum = new double[2];
    double[] squares = new double[2];
    Layout layout =
        new Layout(
            List.of(new Learned(0, 1), new Learned(3, 4)),
            List.of(new Moments(1, 4, 2, decay - 1)));
    AveragingRule.Round round =
        new GradientAveraging().begin(ModelState.first(running), new RoundPlace(0, 0.1, 2), layout);
    for (int worker = 0; worker < sizes.length; worker++) {
      float[] gradient = {worker, 0, 0, -worker, 0, 0};
      for (int channel = 0; channel < 2; channel++) {
        double workerSum = 0;
        double workerSquares = 0;
        for (int i = 0; i < sizes[worker]; i++) {
          double value = 4 * worker + (channel + 1) * random.nextGaussian();
          workerSum += value;
          workerSquares += value * value;
        }
        double mean = workerSum / sizes[worker];
        double variance = workerSquares / sizes[worker] - mean * mean;
        gradient[1 + channel] = (float) ((1 - decay) * (running[1 + channel] - mean));
        gradient[4 + channel] = (float) ((1 - decay) * (running[4 + channel] - variance));
        sum[channel] += workerSum;
        squares[channel] += workerSquares;
      }
      round.add(gradient, sizes[worker]);
    }
    float[] together = round.end().parameters();
    for (int channel = 0; channel < 2; channel++) {
      double mean = sum[channel] / 120;
      double variance = squares[channel] / 120 - mean * mean;
      assertThat((double) running[1 + channel] - together[1 + channel])
          .isCloseTo(decay * running[1 + channel] + (1 - decay) * mean, within(1e-5));
      assertThat((double) running[4 + channel] - together[4 + channel])
          .isCloseTo(decay * running[4 + channel] + (1 - decay) * variance, within(1e-4));
    }
    assertThat((double) together[0]).isCloseTo((70 + 2 * 10) / 120.0, within(1e-6));
  }

  @Test
  void ofOneWorkerNothingChanges() {
    float[] parameters = {1.5f, 0.1f, 3e8f, 2.5f, 0.3f, 1e-30f};
    AveragingRule.Round round =
        new PlainMean().begin(ModelState.first(new float[6]), new RoundPlace(0, 0.1, 2), LAYOUT);
    round.add(parameters, 17);
    assertThat(round.end().parameters()).containsExactly(parameters);
  }
}
