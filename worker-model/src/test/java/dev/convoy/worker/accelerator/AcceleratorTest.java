package dev.convoy.worker.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.backend.StatisticsMeasurement;
import dev.convoy.worker.cuda.device.GpuChoice;
import dev.convoy.worker.cuda.device.GpuUse;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.natives.InstructionSetLimit;
import dev.convoy.worker.onednn.CompiledNetwork;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.schedule.StepRates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;

/** Who computes a network. */
class AcceleratorTest {
  private static final float[] NO_STATE = {};
  private static final InputShape INPUT = new InputShape(12, 12, 1, 3);
  private static final InputShape COLOURED = new InputShape(8, 8, 3, 4);
  private static final ComponentSettings RESIDUAL = ComponentSettings.defaults("resnet-20");

  private static ComputationGraph network() {
    return Models.create(new ComponentSettings("lenet-5", Map.of()), INPUT, 1);
  }

  private static String description(ComputationGraph network, Accelerator.Settings settings) {
    try (Session session = Accelerator.open(Job.inference(network, INPUT, 1), settings)) {
      return session.description();
    }
  }

  @Test
  void aKnownNetworkIsCompiled() {
    assertThat(description(network(), Accelerator.Settings.all()))
        .isEqualTo("the whole network runs as oneDNN primitives");
  }

  @Test
  void switchedOffTheLayersCompute() {
    assertThat(description(network(), Accelerator.Settings.none()))
        .isEqualTo("Deeplearning4j's own layers");
  }

  @Test
  void anUnknownLayerKeepsTheNetworkFromBeingCompiledAndIsNamed() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("images")
                .addLayer("odd", new ActivationLayer(Activation.SOFTSIGN), "images")
                .addLayer(
                    "output",
                    new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build(),
                    "odd")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(12, 12, 1))
                .build());
    network.init();
    assertThat(description(network, Accelerator.Settings.all()))
        .contains("not by oneDNN: odd has the function softsign");
  }

  @Test
  void aGpuThatCannotBeUsedIsSaidByWhoeverComputesInItsPlace() {
    GpuChoice nowhere = GpuChoice.of(GpuUse.AUTO).at("ffff:ff:1f.0");
    assertThat(description(network(), Accelerator.Settings.all().with(nowhere)))
        .startsWith("the whole network runs as oneDNN primitives; not by GPU: this ");
    assertThatThrownBy(
            () ->
                description(
                    network(),
                    Accelerator.Settings.all()
                        .with(new GpuChoice(GpuUse.REQUIRED, nowhere.address()))))
        .isInstanceOf(GpuRequiredException.class)
        .hasMessageStartingWith(
            "accelerator.gpu = required: expected a GPU to compute on, found none: not by GPU: ");
  }

  @Test
  void aSessionSaysWhatItComputesIn() {
    for (Precision precision : Precision.values()) {
      Accelerator.Settings settings =
          new Accelerator.Settings(true, precision, false, InstructionSetLimit.AUTO);
      Precision used = CompiledNetwork.available(precision);
      if (used == Precision.BFLOAT16) {
        assertThat(description(network(), settings)).endsWith("primitives, in bfloat16");
      } else if (precision == Precision.BFLOAT16) {
        assertThat(description(network(), settings))
            .endsWith("in float32, since the processor does not multiply bfloat16");
      } else if (precision == Precision.TF32) {
        assertThat(description(network(), settings)).endsWith("in float32, since TF32 is a GPU's");
      } else {
        assertThat(description(network(), settings)).endsWith("primitives");
      }
    }
    assertThat(CompiledNetwork.available(Precision.FLOAT32)).isEqualTo(Precision.FLOAT32);
  }

  @Test
  void aSessionForInferenceTakesNoStep() {
    try (Session session =
        Accelerator.open(Job.inference(network(), INPUT, 1), Accelerator.Settings.all())) {
      assertThatThrownBy(
              () ->
                  session.train(
                      Images.of(new float[INPUT.values()]),
                      Targets.ofClasses(new int[1]),
                      1,
                      0,
                      StepRates.of(0.1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("expected a session with an optimizer");
    }
  }

  @Test
  void allWaysComputeTheSame() {
    float[] images = randomImages(4 * INPUT.values());
    float[] expected = null;
    for (Accelerator.Settings settings :
        new Accelerator.Settings[] {Accelerator.Settings.none(), Accelerator.Settings.all()}) {
      try (Propagation propagation = Propagations.of(network(), INPUT, settings)) {
        float[] probabilities = propagation.probabilities(Images.of(images), 4);
        expected = expected == null ? probabilities : expected;
        assertThat(probabilities).usingComparatorWithPrecision(1e-6f).containsExactly(expected);
      }
    }
  }

  @Test
  void answersAreThoseOfTheParametersAsTheyAre() {
    OptimizerSettings optimizer =
        PlainOptimizer.settings(
            ComponentSettings.defaults("sgd"),
            0.1,
            OptimizerSettings.Regularization.none(),
            ComponentSettings.defaults("constant"));
    Images images = Images.of(randomImages(6 * COLOURED.values()));
    try (Session session = trained(Models.create(RESIDUAL, COLOURED, 1), optimizer);
        Session other = trained(Models.create(RESIDUAL, COLOURED, 1), optimizer)) {
      List<float[]> answers = new ArrayList<>();
      for (int change = 0; change < 4; change++) {
        switch (change) {
          case 1 -> session.train(images, Targets.ofClasses(new int[6]), 6, 1, StepRates.of(0.1));
          case 2 -> {
            StatisticsMeasurement statistics = session.measureStatistics().orElseThrow();
            statistics.add(images, 6, 1);
            statistics.assign();
          }
          case 3 ->
              session.load(Models.create(RESIDUAL, COLOURED, 2).params().toFloatVector(), NO_STATE);
          default -> {}
        }
        float[] answer = session.probabilities(images, 6);
        assertThat(answers).noneMatch(before -> Arrays.equals(before, answer));
        answers.add(answer);
        other.load(session.parameters(), NO_STATE);
        assertThat(other.probabilities(images, 6)).isEqualTo(answer);
      }
    }
  }

  /** A clip that clips nothing makes a session keep all gradients until it takes its step. */
  @Test
  void sessionsThatKeepNoGradientsTakeTheSameSteps() {
    ComputationGraph network = Models.create(RESIDUAL, COLOURED, 1);
    ComputationGraph keeping = Models.create(RESIDUAL, COLOURED, 1);
    Images images = Images.of(randomImages(6 * COLOURED.values()));
    Targets targets = Targets.ofClasses(new int[] {0, 1, 2, 3, 0, 1});
    try (Session session = trained(network, optimizer(0));
        Session other = trained(keeping, optimizer(1e30))) {
      for (int step = 0; step < 3; step++) {
        session.queue(images, targets, 6, step, StepRates.of(0.1));
        other.queue(images, targets, 6, step, StepRates.of(0.1));
      }
      assertThat(session.takeLossSum()).isEqualTo(other.takeLossSum()).isPositive();
      Session.Measured measured = session.trainMeasured(images, targets, 6, 3, StepRates.of(0.1));
      assertThat(measured)
          .usingRecursiveComparison()
          .isEqualTo(other.trainMeasured(images, targets, 6, 3, StepRates.of(0.1)));
      for (Session each : List.of(session, other)) {
        StatisticsMeasurement statistics = each.measureStatistics().orElseThrow();
        statistics.add(images, 6, 1);
        statistics.assign();
      }
      assertThat(session.parameters()).isEqualTo(other.parameters());
      assertThat(session.optimizerState()).isEqualTo(other.optimizerState());
    }
    assertThat(network.getFlattenedGradients()).isNull();
    assertThat(keeping.getFlattenedGradients()).isNotNull();
  }

  @Test
  void aGradientThatIsSentMakesTheStepOfItsBatch() {
    ComputationGraph network = Models.create(RESIDUAL, COLOURED, 1);
    ComputationGraph keeping = Models.create(RESIDUAL, COLOURED, 1);
    Images images = Images.of(randomImages(6 * COLOURED.values()));
    Targets targets = Targets.ofClasses(new int[] {0, 1, 2, 3, 0, 1});
    StepRates rates = StepRates.of(0.1);
    try (Session taking = trained(Models.create(RESIDUAL, COLOURED, 1), optimizer(0));
        Session sending = trained(network, optimizer(0));
        Session other = trained(keeping, optimizer(1e30))) {
      Session.Gradient gradient = sending.gradient(images, targets, 6, 1, rates);
      Session.Gradient kept = other.gradient(images, targets, 6, 1, rates);
      assertThat(gradient.values()).isEqualTo(kept.values());
      float[] sent = gradient.values().clone();
      Session.Measured measured = taking.trainMeasured(images, targets, 6, 1, rates);
      assertThat(gradient.loss()).isEqualTo(measured.loss());
      assertThat(sending.step(sent, rates, 1))
          .usingRecursiveComparison()
          .isEqualTo(measured.norms());
      assertThat(sent).as("is not changed").isEqualTo(gradient.values());
      assertThat(sending.parameters()).isEqualTo(taking.parameters());
      assertThat(sending.optimizerState()).isEqualTo(taking.optimizerState());
    }
    assertThat(network.getFlattenedGradients()).isNull();
  }

  private static OptimizerSettings optimizer(double clipNorm) {
    return PlainOptimizer.settings(
        ComponentSettings.defaults("adam"),
        0.1,
        new OptimizerSettings.Regularization(0, 0.01, 0, clipNorm, 0),
        ComponentSettings.defaults("constant"));
  }

  private static Session trained(ComputationGraph network, OptimizerSettings optimizer) {
    return Accelerator.open(
        Job.training(network, COLOURED, optimizer, 1), Accelerator.Settings.all());
  }

  private static float[] randomImages(int values) {
    float[] images = new float[values];
    Random random = new Random(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }
}
