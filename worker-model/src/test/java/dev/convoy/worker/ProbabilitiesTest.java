package dev.convoy.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProbabilitiesTest {
  /** Sums of few terms in double precision. */
  private static final double ROUNDING = 1e-12;

  @Test
  void ofEqualValuesTheFirstIsTheLargest() {
    assertThat(Probabilities.argmax(new double[] {1, 3, 3, 2})).isEqualTo(1);
    assertThat(Probabilities.argmax(new float[] {9, 1, 3, 3, 9}, 1, 3)).isEqualTo(1);
  }

  @Test
  void softmaxAddsUpToOneAndDoesNotChangeWithAConstant() {
    double[] logits = {1, 2, 1000};
    double[] shifted = {-999, -998, 0};
    double logSum = Probabilities.softmax(logits);
    assertThat(Arrays.stream(logits).sum()).isCloseTo(1, within(ROUNDING));
    assertThat(logSum).isEqualTo(1000);
    assertThat(Probabilities.softmax(shifted)).isZero();
    assertThat(shifted).containsExactly(logits);
  }

  @Test
  void softmaxIsExponentialsOverTheirSum() {
    double[] values = {Math.log(1), Math.log(3)};
    assertThat(Probabilities.softmax(values)).isCloseTo(Math.log(4), within(ROUNDING));
    assertThat(values).containsExactly(new double[] {0.25, 0.75}, within(ROUNDING));
  }

  @Test
  void crossEntropyIsBoundedByTheFloor() {
    assertThat(Probabilities.crossEntropy(1)).isZero();
    assertThat(Probabilities.crossEntropy(0.5)).isCloseTo(Math.log(2), within(ROUNDING));
    assertThat(Probabilities.crossEntropy(0))
        .isEqualTo(Probabilities.crossEntropy(Probabilities.FLOOR))
        .isCloseTo(10 * Math.log(10), within(ROUNDING));
  }

  @Test
  void entropyIsNothingForACertainAnswerAndLogarithmicForAUniformOne() {
    assertThat(Probabilities.entropy(new double[] {1, 0})).isZero();
    assertThat(Probabilities.entropy(new double[] {0.25, 0.25, 0.25, 0.25}))
        .isCloseTo(Math.log(4), within(ROUNDING));
    assertThat(Probabilities.entropy(new float[] {9, 0.5f, 0.5f, 9}, 1, 2))
        .isCloseTo(Math.log(2), within(ROUNDING));
  }
}
