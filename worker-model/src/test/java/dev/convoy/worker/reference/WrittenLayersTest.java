package dev.convoy.worker.reference;

import static dev.convoy.worker.model.written.Layers.layer;
import static dev.convoy.worker.model.written.Layers.network;
import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.written.LayerKinds;
import dev.convoy.worker.reference.NetworkExample.Maker;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of layer that a network can be written with: compiled, and as Deeplearning4j has it.
 */
class WrittenLayersTest {
  private static final InputShape INPUT = new InputShape(7, 6, 2, NetworkExample.CLASSES);
  private static final InputShape SERIES = new InputShape(1, 21, 2, NetworkExample.CLASSES);

  private static final Object FIRST =
      layer("conv", "filters", 8, "kernel", 1, "activation", "tanh", "as", "first");

  /** Options that a kind has to be given. */
  private static final Map<String, Map<String, Object>> REQUIRED =
      Map.of(
          "conv", layer("conv", "filters", 6),
          "dense", layer("dense", "units", 6),
          "maxout", layer("maxout", "units", 6, "pieces", 3),
          "concat", layer("concat", "of", List.of(List.of(), List.of("relu"), "input")),
          "add", layer("add", "of", List.of(List.of(), List.of("relu"))),
          "maximum", layer("maximum", "of", List.of("first", List.of("sigmoid"))),
          "scale", layer("scale", "by", -0.3));

  private static Named<Maker> example(String name, InputShape input, Object... layers) {
    return Named.of(
        name, () -> new NetworkExample(Models.create(network(layers), input, 3), input));
  }

  private static Named<Maker> behindFirst(String name, InputShape input, Object... layers) {
    Object[] all = Stream.concat(Stream.of(FIRST), Stream.of(layers)).toArray();
    return example(name, input, all);
  }

  private static Stream<Named<Maker>> kinds() {
    return LayerKinds.FAMILY.names().stream()
        .map(kind -> behindFirst(kind, INPUT, REQUIRED.getOrDefault(kind, layer(kind)), "tanh"));
  }

  private static Stream<Named<Maker>> options() {
    return Stream.of(
        behindFirst(
            "strided, dilated and padded",
            INPUT,
            layer("conv", "filters", 5, "kernel", List.of(3, 2), "stride", List.of(1, 2)),
            layer("conv", "filters", 6, "kernel", 3, "dilation", 2, "padding", List.of(2, 1)),
            layer("conv", "filters", 4, "kernel", 1, "padding", 1, "bias", "off")),
        behindFirst(
            "groups",
            INPUT,
            layer("conv", "filters", 12, "groups", 4, "normalization", "batch"),
            layer("depthwise-conv", "multiplier", 2, "stride", 2, "initialization", "xavier"),
            "relu"),
        behindFirst(
            "units",
            INPUT,
            layer("conv", "filters", 6, "normalization", "weight", "activation", "elu"),
            layer(
                "conv",
                "filters",
                8,
                "normalization",
                Map.of("name", "group", "groups", 2),
                "activation",
                Map.of("name", "leaky-relu", "slope", 0.2)),
            layer("dense", "units", 12, "normalization", "layer", "activation", "gelu"),
            layer("dense", "units", 6, "normalization", "batch", "activation", "relu"),
            layer("dense", "units", 7, "normalization", "weight", "activation", "tanh")),
        behindFirst(
            "poolings",
            INPUT,
            layer("max-pool", "window", 3, "stride", 1, "padding", 1),
            layer("average-pool", "window", 3, "stride", 2, "padding", 1, "count-padding", "on"),
            layer("average-pool", "window", List.of(2, 1), "padding", List.of(1, 0)),
            layer("adaptive-max-pool", "to", List.of(2, 3))),
        behindFirst(
            "vectors of several makers",
            INPUT,
            layer(
                "concat",
                "of",
                List.of(
                    List.of("global-average-pool", "relu"),
                    List.of("flatten", layer("scale", "by", 0.5)),
                    List.of(layer("dense", "units", 4, "activation", "tanh"))),
                "as",
                "scales"),
            layer("dense", "units", 9, "activation", "relu"),
            layer("concat", "of", List.of("scales", List.of(), List.of("softplus"))),
            "group-norm"),
        behindFirst(
            "gates",
            INPUT,
            layer("conv", "filters", 16, "kernel", 2, "activation", "relu"),
            layer("squeeze-excitation", "reduction", 4),
            layer("conv", "filters", 5),
            layer(
                "add",
                "of",
                List.of(List.of(), List.of(layer("squeeze-excitation", "reduction", 1)))),
            "relu"),
        behindFirst(
            "sums of vectors",
            INPUT,
            layer(
                "add",
                "of",
                List.of(List.of("global-max-pool"), List.of(layer("dense", "units", 8)))),
            "relu"),
        example(
            "a series",
            SERIES,
            layer("conv", "filters", 6, "kernel", 5, "stride", 2, "activation", "relu"),
            layer("max-pool", "window", 3, "stride", 2, "padding", 1),
            layer("depthwise-conv", "kernel", 3, "dilation", 2),
            layer("adaptive-average-pool", "to", 4),
            "instance-norm",
            layer("dense", "units", 6)));
  }

  private static Stream<Named<Maker>> dropped() {
    return Stream.of(
        behindFirst(
            "dropped weights",
            INPUT,
            layer("conv", "filters", 6, "drop-connect", 0.3),
            layer("dense", "units", 6, "drop-connect", 0.4)),
        behindFirst("original dropout", INPUT, layer("dropout", "form", "original"), "tanh"));
  }

  private static Stream<Named<Maker>> all() {
    return Stream.of(kinds(), options(), dropped()).flatMap(makers -> makers);
  }

  /**
   * Those that drop nothing, and whose gradient is Deeplearning4j's, see {@link LayerKindsTest}.
   */
  private static Stream<Named<Maker>> computedByDeeplearning4j() {
    return Stream.of(kinds(), options())
        .flatMap(makers -> makers)
        .filter(
            maker ->
                !maker
                    .getName()
                    .matches(".*dropout|gaussian-noise|stochastic-depth|local-response.*|prelu"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void theGradientOfTheCompiledNetworkIsThatOfTheFormulas(Maker maker) throws Exception {
    maker.make().assertCompiledGradient();
  }

  @ParameterizedTest
  @MethodSource("all")
  void theAnswersOfTheCompiledNetworkAreThoseOfTheFormulas(Maker maker) throws Exception {
    maker.make().assertCompiledAnswers();
  }

  @ParameterizedTest
  @MethodSource("all")
  void joiningNodesChangesNothingButRounding(Maker maker) throws Exception {
    maker.make().assertJoiningChangesNothing();
  }

  @ParameterizedTest
  @MethodSource("computedByDeeplearning4j")
  void deeplearning4jComputesTheFormulas(Maker maker) throws Exception {
    maker.make().assertDeeplearning4jAgrees();
  }

  @ParameterizedTest
  @MethodSource("all")
  void aSavedConfigurationIsRestored(Maker maker) throws Exception {
    maker.make().assertRestored();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyParameterIsInTheLayerTable(Maker maker) throws Exception {
    maker.make().assertTableHasAllParameters();
  }

  /** As docs/guide.md says. */
  @Test
  void theKindsThatPlainDeeplearning4jCannotRestoreAreThoseThatAreDocumented() {
    assertThat(
            LayerKinds.FAMILY.names().stream()
                .filter(kind -> needsConvoy(REQUIRED.getOrDefault(kind, layer(kind)))))
        .containsExactlyInAnyOrder(
            "layer-norm",
            "instance-norm",
            "group-norm",
            "adaptive-max-pool",
            "adaptive-average-pool",
            "squeeze-excitation",
            "auxiliary-classifier",
            "gelu",
            "step",
            "stochastic-depth");
    assertThat(needsConvoy(layer("dropout", "form", "original"))).isTrue();
    assertThat(needsConvoy(layer("conv", "filters", 8, "groups", 2))).isTrue();
    assertThat(needsConvoy(layer("conv", "filters", 8, "normalization", "weight"))).isTrue();
    assertThat(needsConvoy(layer("dense", "units", 8, "normalization", "weight"))).isTrue();
  }

  private static boolean needsConvoy(Map<String, Object> layer) {
    return Models.configuration(network(FIRST, layer), INPUT).toJson().contains("dev.convoy");
  }
}
