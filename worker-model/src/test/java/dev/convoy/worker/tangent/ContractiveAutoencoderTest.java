package dev.convoy.worker.tangent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.worker.tangent.ContractiveAutoencoder.Learning;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContractiveAutoencoderTest {
  private static final int INPUTS = 7;
  private static final int HIDDEN = 4;

  private static float[] image() {
    Random random = new Random(3);
    float[] image = new float[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      image[i] = (float) random.nextGaussian();
    }
    return image;
  }

  private static double[] parameters() {
    return new Random(4)
        .doubles(ContractiveAutoencoder.parameterCount(INPUTS, HIDDEN), -1, 1)
        .toArray();
  }

  @Test
  void theGradientIsTheSlopeOfTheObjective() {
    double[] gradient = new double[parameters().length];
    autoencoder(parameters()).derive(image(), 0, gradient);
    double step = 1e-5;
    for (int i = 0; i < gradient.length; i++) {
      double[] up = parameters();
      double[] down = parameters();
      up[i] += step;
      down[i] -= step;
      assertThat(gradient[i])
          .isCloseTo((objective(up) - objective(down)) / (2 * step), within(1e-8));
    }
  }

  private static ContractiveAutoencoder autoencoder(double[] parameters) {
    return new ContractiveAutoencoder(INPUTS, HIDDEN, 0.7, parameters);
  }

  private static double objective(double[] parameters) {
    return autoencoder(parameters).derive(image(), 0, new double[parameters.length]);
  }

  /** Of the error of what is reconstructed, and of the squares of the Jacobian. */
  @Test
  void theObjectiveIsThatOfThePaper() {
    double[] all = parameters();
    float[] image = image();
    double[] restored = new double[INPUTS];
    System.arraycopy(all, HIDDEN * INPUTS + HIDDEN, restored, 0, INPUTS);
    double penalty = 0;
    for (int unit = 0; unit < HIDDEN; unit++) {
      double sum = all[HIDDEN * INPUTS + unit];
      for (int i = 0; i < INPUTS; i++) {
        sum += all[unit * INPUTS + i] * image[i];
      }
      double value = 1 / (1 + Math.exp(-sum));
      for (int i = 0; i < INPUTS; i++) {
        restored[i] += value * all[unit * INPUTS + i];
        double slope = value * (1 - value) * all[unit * INPUTS + i];
        assertThat(autoencoder(all).jacobian(image, 0)[unit][i]).isCloseTo(slope, within(1e-12));
        penalty += slope * slope;
      }
    }
    double expected = 0.7 * penalty;
    for (int i = 0; i < INPUTS; i++) {
      expected += Math.pow(restored[i] - image[i], 2) / 2;
    }
    assertThat(objective(all)).isCloseTo(expected, within(1e-12));
  }

  /** Jᵀ J v = s² v, of length 1, orthogonal, the largest first. */
  @Test
  void tangentsAreTheLeadingRightSingularVectors() {
    Random random = new Random(5);
    double[][] jacobian = new double[HIDDEN][INPUTS];
    for (double[] row : jacobian) {
      for (int i = 0; i < INPUTS; i++) {
        row[i] = random.nextGaussian();
      }
    }
    double[][] vectors = AutoencoderTangents.rightSingularVectors(jacobian, 3);
    double last = Double.POSITIVE_INFINITY;
    for (int number = 0; number < 3; number++) {
      double[] image = new double[INPUTS];
      double squares = 0;
      for (double[] row : jacobian) {
        double along = dot(row, vectors[number]);
        squares += along * along;
        for (int i = 0; i < INPUTS; i++) {
          image[i] += along * row[i];
        }
      }
      for (int i = 0; i < INPUTS; i++) {
        assertThat(image[i]).isCloseTo(squares * vectors[number][i], within(1e-6));
      }
      assertThat(squares).isLessThan(last);
      last = squares;
      for (int other = 0; other <= number; other++) {
        assertThat(dot(vectors[number], vectors[other]))
            .isCloseTo(other == number ? 1 : 0, within(1e-9));
      }
    }
  }

  private static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  @Test
  void theSameSeedLearnsTheSameBits() {
    Random random = new Random(6);
    float[] images = new float[20 * INPUTS];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    double once = objectiveLearned(images, 1);
    assertThat(objectiveLearned(images, 1)).isEqualTo(once);
    assertThat(objectiveLearned(images, 2)).isNotEqualTo(once);
  }

  private static double objectiveLearned(float[] images, long seed) {
    return ContractiveAutoencoder.learned(images, INPUTS, new Learning(3, 0.1, 2, 8, 0.01), seed)
        .derive(images, 0, new double[ContractiveAutoencoder.parameterCount(INPUTS, 3)]);
  }
}
