package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.schedule.StepRates;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The same weight with the same gradient comes to the same bits at every place of the vector:
 * results do not depend on a vector unit's width, nor on how many threads share a loop.
 */
class PositionIndependenceTest {
  private static final int DRAWS = 40;
  private static final double RATE = 0.037;

  private final Random random = new Random(5);

  @ParameterizedTest
  @CsvSource({
    "sgd, 0.01, 0.3, 0, 0",
    "nesterov, 0.01, 0, 0.1, 0",
    "adam, 0, 0.3, 0.1, 0",
    "sgd, 0, 0, 0, 0.5",
    "nesterov, 0, 0.3, 0, 0.5",
    "momentum, 0, 0.3, 0, 0",
    "adagrad, 0, 0.3, 0, 0",
    "rmsprop, 0, 0.3, 0, 0",
    "adadelta, 0, 0.3, 0, 0",
    "amsgrad, 0, 0.3, 0, 0",
    "nadam, 0, 0.3, 0, 0",
    "lamb, 0, 0.3, 0.1, 0",
    "lion, 0, 0.3, 0.1, 0"
  })
  void everyWeightIsUpdatedAlike(
      String rule, double l1, double l2, double weightDecay, double clipNorm) {
    for (int units : new int[] {1, 2, 7, 16, 31, 33, 70, 20011}) {
      OptimizerSettings settings =
          PlainOptimizer.settings(
              ComponentSettings.defaults(rule),
              RATE,
              new Regularization(l1, l2, weightDecay, clipNorm, 0),
              ComponentSettings.defaults("constant"));
      assertAlike(units, settings);
    }
  }

  private void assertAlike(int units, OptimizerSettings settings) {
    ComputationGraph network = network(units);
    INDArray gradient = Nd4j.zeros(1, units);
    ParameterUpdate update = new ParameterUpdate(network, settings);
    for (int draw = 0; draw < (units > 100 ? 3 : DRAWS); draw++) {
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1 + draw % 2);
      network.params().assign((float) random.nextGaussian());
      gradient.assign((float) random.nextGaussian());
      HostVector.gradients(network).assign(gradient);
      update.step(3, StepRates.of(RATE), 0);
      float[] found = network.params().toFloatVector();
      float[] expected = new float[units];
      Arrays.fill(expected, found[0]);
      assertThat(found).as("%s, %d units, draw %d", settings, units, draw).isEqualTo(expected);
    }
  }

  /** Weights alone: one into each unit. */
  private static ComputationGraph network(int units) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .activation(Activation.IDENTITY)
                        .hasBias(false)
                        .nIn(1)
                        .nOut(units)
                        .build(),
                    "input")
                .setOutputs("output")
                .build());
    network.init();
    network.initGradientsView();
    return network;
  }
}
