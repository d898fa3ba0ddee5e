package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElasticAveragingTest {
  private static final int WEIGHTS = 20;
  private static final int CHANNELS = 3;
  private static final int LENGTH = WEIGHTS + 2 * CHANNELS;
  private static final int WORKERS = 4;
  private static final Layout LAYOUT =
      new Layout(
          List.of(new Learned(0, WEIGHTS)),
          List.of(new Moments(WEIGHTS, WEIGHTS + CHANNELS, CHANNELS, 1)));
  private static final RoundPlace PLACE = new RoundPlace(3, 0.1, WORKERS);

  /** Of floats of about 1. */
  private static final double ROUNDING = 1e-6;

  private final Random random = new Random(11);
  private final AveragingRule rule =
      AveragingRules.FAMILY.create(new ComponentSettings("elastic", Map.of("moving-rate", 0.9)));

  /** Action and reaction, on which the method's stability rests, whatever workers trained. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void theCentreMovesAsFarAsTheWorkersAreHeldBackTogether(int trained) {
    ModelState before = ModelState.first(floats());
    List<float[]> workers = new ArrayList<>();
    for (int worker = 0; worker < trained; worker++) {
      workers.add(floats());
    }
    float[] centre = next(before, workers);
    double[] heldBack = new double[LENGTH];
    for (float[] worker : workers) {
      float[] kept = rule.keep(worker, before.parameters(), WORKERS, LAYOUT);
      for (int i = 0; i < LENGTH; i++) {
        heldBack[i] += (double) worker[i] - kept[i];
      }
    }
    for (int i = 0; i < WEIGHTS; i++) {
      assertThat((double) centre[i] - before.parameters()[i])
          .isCloseTo(heldBack[i], within(ROUNDING));
    }
  }

  @Test
  void theCentreOfAllWorkersIsThatOfThePaper() {
    ModelState before = ModelState.first(floats());
    List<float[]> workers = List.of(floats(), floats(), floats(), floats());
    float[] centre = next(before, workers);
    for (int i = 0; i < WEIGHTS; i++) {
      int at = i;
      double mean = workers.stream().mapToDouble(worker -> worker[at]).average().orElseThrow();
      assertThat((double) centre[i])
          .isCloseTo(0.1 * before.parameters()[i] + 0.9 * mean, within(ROUNDING));
    }
  }

  /** The workers have 1, 2, 3 and 4 examples. */
  @Test
  void statisticsOfTheCentreAreThoseOfAllExamples() {
    ModelState before = ModelState.first(floats());
    List<float[]> workers = List.of(floats(), floats(), floats(), floats());
    float[] centre = next(before, workers);
    for (int channel = 0; channel < CHANNELS; channel++) {
      double mean = 0;
      double squares = 0;
      for (int worker = 0; worker < WORKERS; worker++) {
        double share = (worker + 1) / 10.0;
        double own = workers.get(worker)[WEIGHTS + channel];
        mean += share * own;
        squares += share * (own * own + workers.get(worker)[WEIGHTS + CHANNELS + channel]);
      }
      assertThat((double) centre[WEIGHTS + channel]).isCloseTo(mean, within(ROUNDING));
      assertThat((double) centre[WEIGHTS + CHANNELS + channel])
          .isCloseTo(squares - mean * mean, within(ROUNDING));
    }
  }

  /** As at the end of an epoch, where one shard has an example more than the others. */
  @Test
  void oneWorkerMovesStatisticsNoFurtherThanItsShare() {
    ModelState before = ModelState.first(floats());
    float[] worker = floats();
    float[] centre = next(before, List.of(worker));
    for (int i = WEIGHTS; i < LENGTH; i++) {
      assertThat((double) centre[i])
          .isCloseTo(0.75 * before.parameters()[i] + 0.25 * worker[i], within(ROUNDING));
    }
  }

  private float[] next(ModelState before, List<float[]> workers) {
    AveragingRule.Round round = rule.begin(before, PLACE, LAYOUT);
    long examples = 1;
    for (float[] worker : workers) {
      round.add(worker, examples++);
    }
    return round.end().parameters();
  }

  private float[] floats() {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }
}
