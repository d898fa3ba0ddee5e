package dev.convoy.worker.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.layers.LayerwisePropagation;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.SmallModels;
import dev.convoy.worker.onednn.CompiledNetwork;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loss and distance of pairs, in their gradient, against formulas in double precision. */
class PairedGradientTest {
  private static final ComponentSettings WITH_DROPOUT =
      new ComponentSettings("lenet-5", Map.of("dropout", 0.4));

  private static NetworkExample example(ComponentSettings model) throws Exception {
    InputShape input = SmallModels.input(model.name(), 2, NetworkExample.CLASSES);
    return new NetworkExample(Models.create(model, input, 5), input);
  }

  private static Stream<ComponentSettings> withoutNoise() {
    return Stream.of(
        new ComponentSettings("mlp", Map.of("hidden", List.of(9), "activation", "tanh")),
        new ComponentSettings("lenet-5", Map.of()),
        new ComponentSettings("resnet-20", Map.of("width", 4)));
  }

  private static Stream<ComponentSettings> models() {
    return Stream.concat(
        withoutNoise(),
        Stream.of(
            // Whose auxiliary classifiers have no part in the distance.
            SmallModels.narrow(
                "googlenet", Map.of("normalization", "none", "dropout", 0, "auxiliary-dropout", 0)),
            WITH_DROPOUT,
            new ComponentSettings("resnet-20", Map.of("width", 5, "dropout", 0.2)),
            SmallModels.narrow("resnet-20", Map.of("version", "2", "stochastic-depth", 0.5))));
  }

  @ParameterizedTest
  @MethodSource("models")
  void thatOfACompiledNetworkIsThatOfTheFormulas(ComponentSettings model) throws Exception {
    NetworkExample example = example(model);
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(
            example.network, example.input, Precision.FLOAT32, false, Set.of())) {
      example.assertPairedGradient(compiled);
    }
  }

  @ParameterizedTest
  @MethodSource("withoutNoise")
  void thatOfDeeplearning4jsLayersIsThatOfTheFormulas(ComponentSettings model) throws Exception {
    NetworkExample example = example(model);
    example.network.initGradientsView();
    try (LayerwisePropagation layers =
        new LayerwisePropagation(example.network, example.input, "")) {
      example.assertPairedGradient(layers);
    }
  }

  @Test
  void thatOfTheFormulasIsTheSlopeOfLossAndDistance() throws Exception {
    example(new ComponentSettings("mlp", Map.of("hidden", List.of(9), "activation", "tanh")))
        .assertPairedGradientIsTheSlopeOfItsObjective();
  }

  /** As a plain batch: the same masks, and nothing of the partners. */
  @Test
  void withoutACoefficientItIsTheGradientOfTheImages() throws Exception {
    NetworkExample example = example(WITH_DROPOUT);
    Targets targets = Targets.ofClasses(example.labels).weighted(new float[] {0.5f, 2, 1});
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(
            example.network, example.input, Precision.FLOAT32, false, Set.of())) {
      double loss = compiled.gradient(Images.of(example.images), targets, 3, 11);
      double[] plain = example.compiledGradient();
      assertThat(compiled.pairedGradient(Images.of(example.pairs()), targets, 0, 3, 11))
          .isCloseTo(loss, within(1e-6));
      example.assertGradient(example.compiledGradient(), plain, 1e-5);
    }
  }

  @Test
  void layersThatDrawTheirOwnMasksAreRefused() throws Exception {
    NetworkExample example = example(WITH_DROPOUT);
    try (LayerwisePropagation layers =
        new LayerwisePropagation(example.network, example.input, "")) {
      assertThatThrownBy(
              () ->
                  layers.pairedGradient(
                      Images.of(example.pairs()), Targets.ofClasses(example.labels), 1, 3, 11))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageMatching(
              "Cannot compare the answers to an image and to its partner: expected a network"
                  + " without dropout, or one that is compiled \\(accelerator.compiled\\), found"
                  + " dropout in \\[.*\\]\\.");
    }
  }
}
