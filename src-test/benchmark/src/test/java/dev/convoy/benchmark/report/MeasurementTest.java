package dev.convoy.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  @Test
  void theMedianIsTheSampleInTheMiddle() {
    assertThat(new Measurement(List.of(5.0, 1.0, 100.0)).median()).isEqualTo(5);
  }

  @Test
  void ofAnEvenNumberItIsTheMeanOfTheTwoInTheMiddle() {
    assertThat(new Measurement(List.of(4.0, 1.0, 100.0, 2.0)).median()).isEqualTo(3);
  }

  @Test
  void quartilesLieBetweenTheSamplesNextToThem() {
    var measured = new Measurement(List.of(4.0, 1.0, 3.0, 2.0));
    assertThat(measured.lowerQuartile()).isEqualTo(1.75);
    assertThat(measured.upperQuartile()).isEqualTo(3.25);
  }

  @Test
  void whatNeverHappenedIsInfinite() {
    double never = Double.POSITIVE_INFINITY;
    assertThat(new Measurement(List.of(never, 1.0, 2.0)).median()).isEqualTo(2);
    assertThat(new Measurement(List.of(never, 1.0, 2.0, never)).median()).isInfinite();
    assertThat(new Measurement(List.of(never, never)).median()).isInfinite();
  }

  @Test
  void theSpreadIsFromTheLeastToTheGreatest() {
    var measured = new Measurement(List.of(5.0, 1.0, 100.0));
    assertThat(measured.least()).isEqualTo(1);
    assertThat(measured.most()).isEqualTo(100);
    assertThat(measured).hasToString("5.0 (1.0 to 100.0)");
  }

  @Test
  void nothingCannotBeSummedUp() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Measurement(List.of()))
        .withMessageContaining("at least one sample");
  }
}
