package dev.convoy.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.Segment.Kind;
import dev.convoy.worker.optimizer.Segment.UnitAxes;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientDifferenceTest {
  private static final List<Segment> SEGMENTS =
      List.of(segment("a", Kind.WEIGHT, 0), segment("b", Kind.RUNNING_STATISTIC, 2));

  private static final double[] EXPECTED = {3, 4, 0.5, 0.25};

  private static Segment segment(String layer, Kind kind, long offset) {
    return new Segment(layer, 0, "W", kind, offset, List.of(1, 2), new UnitAxes(1, 2), false);
  }

  private static GradientDifference of(double... actual) {
    return GradientDifference.of(actual, EXPECTED, SEGMENTS);
  }

  @Test
  void equalGradientsDoNotDiffer() {
    assertThat(of(EXPECTED).largest()).isZero();
    assertThat(of(EXPECTED).cosine()).isCloseTo(1, within(1e-15));
  }

  @Test
  void eachParameterIsComparedByTheLargestOfItsValues() {
    assertThat(of(3, 5, 0.5, 0.25)).satisfies(d -> assertThat(d.largest()).isEqualTo(0.25));
    GradientDifference statistic = of(3, 4, 0.75, 0.25);
    assertThat(statistic.largest()).isEqualTo(0.5);
    assertThat(statistic.parameter()).isEqualTo("b/W");
    assertThat(statistic.cosine()).isCloseTo(1, within(1e-15));
  }

  @Test
  void anotherDirectionAndNoNumbersAreSeen() {
    assertThat(of(-4, 3, 0.5, 0.25).cosine()).isZero();
    assertThat(of(Double.NaN, 4, 0.5, 0.25).largest()).isInfinite();
  }
}
