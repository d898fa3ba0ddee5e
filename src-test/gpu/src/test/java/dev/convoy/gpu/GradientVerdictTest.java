package dev.convoy.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.worker.backend.Precision;
import org.junit.jupiter.api.Test;

class GradientVerdictTest {
  private static final double STEADY = 1e-6;
  private static final double AMPLIFYING = 1e-4;

  private static String verdict(
      Precision precision, double loss, double largest, double cosine, double ofCpu) {
    GradientDifference gradient = new GradientDifference(largest, "a/W", cosine);
    return GradientVerdict.of(precision, new GradientVerdict.Compared(loss, 2, gradient, ofCpu))
        .toString();
  }

  @Test
  void equalLossAndGradientAreRightInEveryPrecision() {
    for (Precision precision : new Precision[] {Precision.FLOAT32, Precision.BFLOAT16}) {
      assertThat(verdict(precision, 2, 0, 1, STEADY)).isEqualTo("right");
    }
  }

  @Test
  void aLossMayDifferByWhatThePrecisionRounds() {
    assertThat(verdict(Precision.FLOAT32, 2.001, 0, 1, STEADY))
        .isEqualTo("loss 2.001000 instead of 2.000000");
    assertThat(verdict(Precision.TF32, 2.001, 0, 1, STEADY)).isEqualTo("right");
    assertThat(verdict(Precision.TF32, 2.04, 0, 1, STEADY)).startsWith("loss");
    assertThat(verdict(Precision.BFLOAT16, 2.04, 0, 1, STEADY)).isEqualTo("right");
    assertThat(verdict(Precision.BFLOAT16, 2.3, 0, 1, STEADY)).startsWith("loss");
    assertThat(verdict(Precision.BFLOAT16, 2.3, 0, 1, AMPLIFYING)).startsWith("right");
    assertThat(verdict(Precision.BFLOAT16, 2.7, 0, 1, AMPLIFYING)).startsWith("loss");
    assertThat(verdict(Precision.FLOAT32, 2.001, 0, 1, AMPLIFYING)).startsWith("loss");
    assertThat(verdict(Precision.BFLOAT16, Double.NaN, 0, 1, STEADY)).startsWith("loss NaN");
  }

  @Test
  void float32IsToBeAsCloseAsTheCpuTenTimes() {
    assertThat(verdict(Precision.FLOAT32, 2, 5e-3, 1, STEADY))
        .isEqualTo("differs by more than 1.0e-03");
    assertThat(verdict(Precision.FLOAT32, 2, 5e-3, 1, 1e-3)).isEqualTo("right");
  }

  @Test
  void directionsAreComparedWhereTheySaySomething() {
    assertThat(verdict(Precision.BFLOAT16, 2, 1, 0.5, STEADY)).isEqualTo("another direction");
    assertThat(verdict(Precision.BFLOAT16, 2, 1, 0.5, AMPLIFYING))
        .isEqualTo("right; direction not checked");
    assertThat(verdict(Precision.FLOAT32, 2, 0, 0.5, AMPLIFYING)).isEqualTo("another direction");
    assertThat(verdict(Precision.BFLOAT16, 2, 1, Double.NaN, AMPLIFYING))
        .isEqualTo("another direction; direction not checked");
  }

  @Test
  void whatElseIsWrongIsNamed() {
    GradientVerdict.Compared same =
        new GradientVerdict.Compared(2, 2, new GradientDifference(0, "", 1), STEADY);
    GradientVerdict right = GradientVerdict.of(Precision.FLOAT32, same);
    assertThat(right.and(true, "other bits")).hasToString("right");
    assertThat(right.and(false, "other bits").and(false, "other parameters"))
        .hasToString("other bits, other parameters");
  }
}
