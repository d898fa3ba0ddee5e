package dev.convoy.worker.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ModelCard;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.loss.LossFixture;
import dev.convoy.worker.loss.LossFixture.Case;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

/** Networks that learn with each of the losses, on every backend. */
class LossesOfNetworksTest {
  private static final InputShape INPUT = new InputShape(3, 4, 1, LossFixture.CLASSES);
  private static final int SIZE = LossFixture.IMAGES;
  private static final long KEY = 5;

  /** Sums of a few dozen floats, as a share of the largest value. */
  private static final double FLOAT_ROUNDING = 1e-5;

  /** Losses that Deeplearning4j lacks, and with which networks are saved as Convoy's. */
  private static final Set<String> OWN = Set.of("focal", "hinge crammer-singer", "huber");

  private static boolean isOwn(Case given) {
    String form = given.settings().options().containsKey("form") ? " crammer-singer" : "";
    return OWN.contains(given.settings().name() + form);
  }

  private static ComputationGraph network(ComponentSettings loss) {
    ComputationGraph network =
        Models.create(
            new ComponentSettings("mlp", Map.of("hidden", List.of(7), "activation", "tanh")),
            loss,
            INPUT,
            1);
    network.setParams(Nd4j.createFromArray(LossFixture.floats("parameters")).reshape(1, -1));
    return network;
  }

  static Stream<Arguments> casesAndTiers() {
    return LossFixture.cases().stream()
        .flatMap(given -> SoftTargetsTest.tiers().map(settings -> Arguments.of(given, settings)));
  }

  static Stream<Case> losses() {
    return LossFixture.cases().stream().filter(given -> given.kind().equals("labels"));
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("casesAndTiers")
  void theGradientOfANetworkIsThatOfPyTorch(Case given, Accelerator.Settings settings) {
    ComputationGraph network = network(given.settings());
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      assertThat(propagation.description().contains("oneDNN")).isEqualTo(settings.compiled());
      double loss =
          propagation.gradient(Images.of(LossFixture.floats("images")), given.targets(), SIZE, KEY);
      double expected = given.expected("network")[0];
      assertThat(loss).isCloseTo(expected, within(FLOAT_ROUNDING * Math.max(1, expected)));
      double[] gradient = given.expected("parameters");
      assertThat(network.getFlattenedGradients().toDoubleVector())
          .containsExactly(gradient, within(FLOAT_ROUNDING * largest(gradient)));
    }
  }

  /** Sizes and weights of images are the same on both backends. */
  @ParameterizedTest
  @MethodSource("losses")
  void backendsAgreeOnOutputsAnswersAndWeightedLosses(Case given) {
    ComputationGraph network = network(given.settings());
    ComputationGraph layered = network(given.settings());
    float[] weights = {0.5f, 2, 0, 1, 1.5f, 3};
    Images images = Images.of(LossFixture.floats("images"));
    try (Propagation compiled = Propagations.of(network, INPUT, Accelerator.Settings.all());
        Propagation layers = Propagations.of(layered, INPUT, Accelerator.Settings.none())) {
      assertThat(compiled.outputs(images, SIZE))
          .containsExactly(layers.outputs(images, SIZE), within(1e-5f));
      float[] answers = compiled.probabilities(images, SIZE);
      assertThat(answers).containsExactly(layers.probabilities(images, SIZE), within(1e-5f));
      double[] row = new double[LossFixture.CLASSES];
      for (int i = 0; i < row.length; i++) {
        row[i] = compiled.outputs(images, SIZE)[i];
      }
      compiled.loss().function().apply(row);
      for (int i = 0; i < row.length; i++) {
        assertThat((double) answers[i]).isCloseTo(row[i], within(1e-6));
      }
      double loss = compiled.gradient(images, given.targets().weighted(weights), SIZE, KEY);
      assertThat(loss)
          .isCloseTo(
              layers.gradient(images, given.targets().weighted(weights), SIZE, KEY),
              within(FLOAT_ROUNDING * Math.max(1, loss)));
      double[] gradient = network.getFlattenedGradients().toDoubleVector();
      assertThat(layered.getFlattenedGradients().toDoubleVector())
          .containsExactly(gradient, within(FLOAT_ROUNDING * largest(gradient)));
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aSavedNetworkAnswersAlikeAndIsDeeplearning4jsOwnWhereThatHasTheLoss(Case given)
      throws IOException {
    ComputationGraph network = network(given.settings());
    ModelCard card =
        new ModelCard(
            "mlp",
            StoredShape.resized(new ImageShape(3, 4, 1)),
            List.of("a", "b", "c", "d", "e"),
            Normalization.of(new float[] {0}, new float[] {1}),
            Optional.empty());
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ModelArchive.write(network, card, file);
    ComputationGraph restored = ModelArchive.read(file.toByteArray(), "model.zip").network();
    assertThat(network.getConfiguration().toJson().contains("dev.convoy")).isEqualTo(isOwn(given));
    Images images = Images.of(LossFixture.floats("images"));
    try (Propagation before = Propagations.of(network, INPUT, Accelerator.Settings.all());
        Propagation after = Propagations.of(restored, INPUT, Accelerator.Settings.all())) {
      assertThat(after.description()).contains("oneDNN");
      assertThat(after.loss()).isEqualTo(before.loss());
      assertThat(after.probabilities(images, SIZE)).isEqualTo(before.probabilities(images, SIZE));
    }
    assertThat(
            ModelSerializer.restoreComputationGraph(
                    new ByteArrayInputStream(file.toByteArray()), false)
                .getConfiguration())
        .isEqualTo(network.getConfiguration());
  }
}
