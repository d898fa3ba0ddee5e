package dev.convoy.driver.ensemble.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.worker.ensemble.MemberAnswers;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Polynomials fitted to a noisy sine: the more flexible, the smaller their bias and the larger
 * their variance (Geman, Bienenstock and Doursat 1992). Of least squares with p coefficients on n
 * examples with noise σ² the variance at these examples is σ²p/n on average (Hastie, Tibshirani and
 * Friedman, "The Elements of Statistical Learning", 2nd edition, eq. 7.12).
 */
class BiasAndVarianceTest {
  private static final int EXAMPLES = 24;

  /** Training sets, and so members. */
  private static final int MEMBERS = 4000;

  private static final double DEVIATION = 0.3;

  /** The variance is a mean over 4,000 members: a few percent for the smallest p. */
  private static final double SAMPLING = 0.06;

  @Test
  void theMoreFlexibleAModelTheLessItsBiasAndTheMoreItsVariance() {
    double lastBias = Double.POSITIVE_INFINITY;
    for (int coefficients : new int[] {2, 4, 6, 8}) {
      SquaredDecomposition parts = decomposition(coefficients);
      double expected = DEVIATION * DEVIATION * coefficients / EXAMPLES;
      assertThat(parts.variance()).isCloseTo(expected, within(SAMPLING * expected));
      // The mean of the members is that of 4,000: its own variance counts as bias.
      double ofTheMean = 2 * expected / MEMBERS;
      assertThat(parts.squaredBias()).isLessThan(0.5 * lastBias + ofTheMean);
      assertThat(parts.loss())
          .isCloseTo(parts.noise() + parts.squaredBias() + parts.variance(), within(1e-12));
      lastBias = parts.squaredBias();
    }
  }

  @Test
  void theErrorIsLeastBetweenTooStiffAndTooFlexible() {
    double stiff = decomposition(2).loss();
    double right = decomposition(4).loss();
    double flexible = decomposition(12).loss();
    assertThat(right).isLessThan(stiff).isLessThan(flexible);
  }

  private static SquaredDecomposition decomposition(int coefficients) {
    float[][] answers = new float[EXAMPLES][MEMBERS];
    for (int member = 0; member < MEMBERS; member++) {
      KeyedRandom random = KeyedRandom.of(3, Purpose.SYNTHETIC, member);
      double[] targets = new double[EXAMPLES];
      for (int i = 0; i < EXAMPLES; i++) {
        targets[i] = truth(i) + DEVIATION * random.nextGaussian();
      }
      double[] fitted = fit(targets, coefficients);
      for (int i = 0; i < EXAMPLES; i++) {
        answers[i][member] = (float) fitted[i];
      }
    }
    SquaredDecomposition.Sums sums = new SquaredDecomposition.Sums();
    boolean[] all = new boolean[MEMBERS];
    Arrays.fill(all, true);
    double[] mean = new double[1];
    for (int i = 0; i < EXAMPLES; i++) {
      MemberAnswers example = new MemberAnswers(answers[i], all, 1);
      example.mean(mean);
      sums.add(example, mean, new double[] {truth(i)}, DEVIATION * DEVIATION);
    }
    return sums.result();
  }

  private static double truth(int example) {
    return Math.sin(2 * Math.PI * place(example));
  }

  private static double place(int example) {
    return example / (EXAMPLES - 1.0);
  }

  /** Least squares: the projection onto orthonormal polynomials, made by Gram and Schmidt. */
  private static double[] fit(double[] targets, int coefficients) {
    double[][] basis = new double[coefficients][EXAMPLES];
    double[] fitted = new double[EXAMPLES];
    for (int k = 0; k < coefficients; k++) {
      for (int i = 0; i < EXAMPLES; i++) {
        basis[k][i] = Math.pow(2 * place(i) - 1, k);
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int before = 0; before < k; before++) {
          add(basis[k], -product(basis[k], basis[before]), basis[before]);
        }
      }
      double norm = Math.sqrt(product(basis[k], basis[k]));
      for (int i = 0; i < EXAMPLES; i++) {
        basis[k][i] /= norm;
      }
      add(fitted, product(targets, basis[k]), basis[k]);
    }
    return fitted;
  }

  private static double product(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  private static void add(double[] to, double factor, double[] vector) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * vector[i];
    }
  }
}
