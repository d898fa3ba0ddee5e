package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.worker.ensemble.MemberAnswers;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an ensemble can take away is the variance that members do not share: of the mean of M
 * members of variance σ² and correlation ρ it is ρσ² + (1 − ρ)σ²/M (Hastie, Tibshirani and
 * Friedman, "The Elements of Statistical Learning", 2nd edition, eq. 15.1).
 */
class EnsembleVarianceTest {
  private static final double DEVIATION = 1.5;
  private static final int EXAMPLES = 400;

  /** Ensembles, each of members of its own. */
  private static final int ENSEMBLES = 51;

  /**
   * The estimate is σ² times a chi-square of EXAMPLES · (ENSEMBLES − 1) degrees of freedom over
   * their number: five standard errors of √(2 / 20,000).
   */
  private static final double RELATIVE_SAMPLING_ERROR = 0.05;

  @ParameterizedTest
  @CsvSource({
    "0,1", "0,5", "0,25", "0.3,1", "0.3,5", "0.3,25", "0.8,5", "0.8,25", "1,1", "1,25",
  })
  void averagingTakesAwayWhatMembersDoNotShare(double correlation, int members) {
    SquaredDecomposition.Sums means = new SquaredDecomposition.Sums();
    SquaredDecomposition.Sums within = new SquaredDecomposition.Sums();
    for (int example = 0; example < EXAMPLES; example++) {
      float[] ofEnsembles = new float[ENSEMBLES];
      for (int ensemble = 0; ensemble < ENSEMBLES; ensemble++) {
        float[] ofMembers = draw(correlation, members, example, ensemble);
        add(ofMembers, within);
        ofEnsembles[ensemble] = mean(ofMembers);
      }
      add(ofEnsembles, means);
    }

    double shared = correlation * DEVIATION * DEVIATION;
    double own = (1 - correlation) * DEVIATION * DEVIATION;
    double varianceOfMeans = means.result().variance() * ENSEMBLES / (ENSEMBLES - 1);
    assertThat(varianceOfMeans)
        .isCloseTo(
            shared + own / members, within((shared + own / members) * RELATIVE_SAMPLING_ERROR));
    // What one ensemble's members tell: the part that they do not share.
    assertThat(within.result().variance())
        .isCloseTo(own * (members - 1) / members, within(own * RELATIVE_SAMPLING_ERROR + 1e-12));
  }

  private static float[] draw(double correlation, int members, int example, int ensemble) {
    KeyedRandom random = KeyedRandom.of(17, Purpose.SYNTHETIC, example, ensemble);
    double shared = random.nextGaussian();
    float[] drawn = new float[members];
    for (int i = 0; i < members; i++) {
      drawn[i] =
          (float)
              (DEVIATION
                  * (Math.sqrt(correlation) * shared
                      + Math.sqrt(1 - correlation) * random.nextGaussian()));
    }
    return drawn;
  }

  private static void add(float[] outputs, SquaredDecomposition.Sums sums) {
    boolean[] parts = new boolean[outputs.length];
    Arrays.fill(parts, true);
    MemberAnswers answers = new MemberAnswers(outputs, parts, 1);
    double[] mean = new double[1];
    answers.mean(mean);
    sums.add(answers, mean, new double[1], 0);
  }

  private static float mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return (float) (sum / values.length);
  }
}
