package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.worker.optimizer.Segment.Kind;
import dev.convoy.worker.optimizer.Segment.UnitAxes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupNormsTest {
  private static final double FLOAT = 1e-6; // values travel in single precision

  @ParameterizedTest
  @CsvSource({
    "1, OUTPUT",
    "2, FIRST OUTPUT",
    "3, FIRST LOWER OUTPUT",
    "4, FIRST LOWER UPPER OUTPUT",
    "5, FIRST LOWER LOWER UPPER OUTPUT",
    "8, FIRST LOWER LOWER LOWER UPPER UPPER UPPER OUTPUT"
  })
  void layersBetweenTheFirstAndTheLastAreHalved(int layers, String groups) {
    assertThat(IntStream.range(0, layers).mapToObj(depth -> LayerGroup.of(depth, layers)))
        .extracting(LayerGroup::name)
        .containsExactly(groups.split(" "));
  }

  @Test
  void normsOfAGroupAreThoseOfItsParametersTogether() {
    List<Segment> segments = segments(4);
    StepNorms norms =
        new StepNorms(
            new double[] {2, 9, 3, 9, 4, 9, 0, 9},
            new double[] {3, 4, 5, 12, 8, 15, 1, 0},
            new double[] {0.2, 7, 0.3, 7, 0.04, 7, 0.5, 7});
    GroupNorms groups = GroupNorms.of(norms, segments);
    double[] gradients = {5, 13, 17, 1};
    double[] ratios = {0.1, 0.1, 0.01, Double.POSITIVE_INFINITY};
    LayerGroup[] all = LayerGroup.values();
    for (int i = 0; i < all.length; i++) {
      assertThat(groups.gradient(all[i])).isCloseTo(gradients[i], within(FLOAT));
      assertThat(groups.updateRatio(all[i])).as("of weights alone").isEqualTo((float) ratios[i]);
    }
    assertThat(new GroupNorms(groups.values()).values()).isEqualTo(groups.values());
  }

  @Test
  void groupsThatANetworkDoesNotHaveHaveNoNorms() {
    StepNorms norms = new StepNorms(new double[] {1, 1}, new double[] {1, 1}, new double[] {1, 1});
    GroupNorms groups = GroupNorms.of(norms, segments(1));
    assertThat(groups.gradient(LayerGroup.OUTPUT)).isCloseTo(Math.sqrt(2), within(FLOAT));
    assertThat(groups.gradient(LayerGroup.FIRST)).isNaN();
    assertThat(groups.updateRatio(LayerGroup.UPPER)).isNaN();
    assertThat(new GroupNorms(new float[0]).gradient(LayerGroup.OUTPUT)).isNaN();
  }

  /** A weight and a bias for each layer. */
  private static List<Segment> segments(int layers) {
    List<Segment> segments = new ArrayList<>();
    for (int depth = 0; depth < layers; depth++) {
      for (Kind kind : List.of(Kind.WEIGHT, Kind.BIAS)) {
        segments.add(
            new Segment(
                "layer" + depth,
                depth,
                kind.name(),
                kind,
                segments.size(),
                List.of(1, 1),
                new UnitAxes(1, 2),
                false));
      }
    }
    return segments;
  }
}
