package dev.convoy.worker.model.initialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitializationsTest {
  private static final WeightShape SHAPE = new WeightShape(40_000, 200, 200, 600);

  /** Of 40,000 draws: the deviation is within 0.4 % in two cases of three. */
  private static final double SAMPLING = 0.02;

  /** A float is rounded to 6e-8 of itself, and so are the products of a row's. */
  private static final double ROUNDING = 1e-6;

  static Set<String> names() {
    return Initializations.FAMILY.names();
  }

  @ParameterizedTest
  @CsvSource({
    "he, 0.01",
    "he-fan-out, 0.0033333333",
    "lecun, 0.005",
    "lecun-uniform, 0.005",
    "xavier, 0.0025",
    "xavier-uniform, 0.0025",
    "normal, 0.0001",
  })
  void theVarianceIsThatOfThePaper(String name, double variance) {
    float[] weights = draw(Map.of("name", name), SHAPE, 1);
    double deviation = Math.sqrt(variance);
    assertThat(mean(weights)).isCloseTo(0, within(SAMPLING * deviation));
    assertThat(Math.sqrt(meanOfSquares(weights)))
        .isCloseTo(deviation, within(SAMPLING * deviation));
  }

  @ParameterizedTest
  @CsvSource({"lecun-uniform, 200", "xavier-uniform, 400"})
  void uniformWeightsReachTheRootOfThreeOverTheFanAndNoFurther(String name, double fan) {
    double limit = Math.sqrt(3 / fan);
    float[] weights = draw(Map.of("name", name), SHAPE, 1);
    double largest =
        IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).max().orElse(0);
    assertThat(largest).isLessThanOrEqualTo((float) limit).isGreaterThan(0.999 * limit);
  }

  @Test
  void aGivenDeviationDependsOnNoFan() {
    Map<String, Object> settings = Map.of("name", "normal", "deviation", 0.5);
    WeightShape other = new WeightShape(40_000, 4, 7, 3);
    assertThat(draw(settings, other, 3)).isEqualTo(draw(settings, SHAPE, 3));
    assertThat(Math.sqrt(meanOfSquares(draw(settings, SHAPE, 3))))
        .isCloseTo(0.5, within(0.5 * SAMPLING));
  }

  /** Bit for bit: what is drawn for a seed stays. */
  @Test
  void normalWeightsAreTheGeneratorsTimesTheDeviation() {
    Random random = new Random(17);
    float[] weights = draw(Map.of("name", "he"), SHAPE, 17);
    for (float weight : weights) {
      assertThat(weight).isEqualTo((float) (random.nextGaussian() * Math.sqrt(2.0 / 200)));
    }
  }

  @ParameterizedTest
  @CsvSource({"30, 30", "12, 50", "50, 12", "1, 9", "9, 1"})
  void orthogonalWeightsHaveOrthogonalRowsOrColumnsOfTheNorm(int rows, int columns) {
    float[] weights =
        draw(
            Map.of("name", "orthogonal", "gain", 1.5),
            new WeightShape(rows * columns, rows, rows, columns),
            5);
    int fewer = Math.min(rows, columns);
    int step = rows <= columns ? 1 : columns;
    int start = rows <= columns ? columns : 1;
    for (int i = 0; i < fewer; i++) {
      for (int j = 0; j <= i; j++) {
        double product = 0;
        for (int k = 0; k < Math.max(rows, columns); k++) {
          product += (double) weights[i * start + k * step] * weights[j * start + k * step];
        }
        assertThat(product).as("%d, %d", i, j).isCloseTo(i == j ? 2.25 : 0, within(ROUNDING));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aSavedConfigurationTellsHowToDraw(String name) throws Exception {
    Map<String, Object> settings =
        switch (name) {
          case "normal" -> Map.of("name", name, "deviation", 0.3);
          case "orthogonal" -> Map.of("name", name, "gain", 1.25);
          default -> Map.of("name", name);
        };
    String saved =
        Models.configuration(
                new ComponentSettings("mlp", Map.of("initialization", settings)),
                new InputShape(4, 4, 1, 2))
            .toJson();
    IWeightInit scheme = scheme(ComputationGraphConfiguration.fromJson(saved), "dense1");
    Initialization restored = Initializations.of(scheme).orElseThrow();
    assertThat(draw(restored, SHAPE, 2)).isEqualTo(draw(settings, SHAPE, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ZERO", "SIGMOID_UNIFORM", "IDENTITY"})
  void otherSchemesHaveNone(String scheme) {
    assertThat(Initializations.of(WeightInit.valueOf(scheme).getWeightInitFunction())).isEmpty();
  }

  @Test
  void aDeviationIsPositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> draw(Map.of("name", "normal", "deviation", 0), SHAPE, 1))
        .withMessageContaining("deviation = 0: expected a number in (0, 1000]");
  }

  private static IWeightInit scheme(ComputationGraphConfiguration network, String layer) {
    LayerVertex vertex = (LayerVertex) network.getVertices().get(layer);
    return ((BaseLayer) vertex.getLayerConf().getLayer()).getWeightInitFn();
  }

  private static float[] draw(Map<String, Object> settings, WeightShape shape, long seed) {
    return draw(Initializations.FAMILY.create(ComponentSettings.of(settings)), shape, seed);
  }

  private static float[] draw(Initialization initialization, WeightShape shape, long seed) {
    DoubleSupplier drawn = initialization.draw(shape, new Random(seed));
    float[] weights = new float[shape.count()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) drawn.getAsDouble();
    }
    return weights;
  }

  private static double mean(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElseThrow();
  }

  private static double meanOfSquares(float[] values) {
    return IntStream.range(0, values.length)
        .mapToDouble(i -> (double) values[i] * values[i])
        .average()
        .orElseThrow();
  }
}
