package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.schedule.StepRates;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** How fast steps go down the quadratic ½ Σ λ x², whose condition number is κ (Polyak 1964). */
class MomentumAccelerationTest {
  private static final int VALUES = 6;

  @ParameterizedTest
  @ValueSource(ints = {4, 25, 100, 400})
  void gradientDescentShrinksTheErrorByKappaMinusOneOverKappaPlusOne(int kappa) {
    double rate = 2.0 / (kappa + 1);
    double[] errors = errors(new ComponentSettings("sgd", Map.of()), rate, kappa, 100);
    double expected = (kappa - 1.0) / (kappa + 1);
    assertThat(Math.pow(errors[100] / errors[50], 1.0 / 50)).isCloseTo(expected, within(1e-3));
  }

  /** Its best rate has a double root, which adds a factor that grows as the steps themselves. */
  @ParameterizedTest
  @ValueSource(ints = {4, 25, 100, 400})
  void momentumShrinksItByTheSameOfTheRootOfKappa(int kappa) {
    double root = Math.sqrt(kappa);
    double expected = (root - 1) / (root + 1);
    double rate = 4 / ((root + 1) * (root + 1));
    ComponentSettings rule =
        new ComponentSettings("momentum", Map.of("momentum", expected * expected));
    double[] errors = errors(rule, rate, kappa, 60);
    double growing = 60.0 / 30;
    assertThat(Math.pow(errors[60] / errors[30] / growing, 1.0 / 30))
        .isCloseTo(expected, within(0.01));
  }

  /** Distances from the lowest point before each step and after the last. */
  private static double[] errors(ComponentSettings rule, double rate, int kappa, int steps) {
    ComputationGraph network = network();
    ParameterUpdate update =
        new ParameterUpdate(
            network,
            PlainOptimizer.settings(
                rule, rate, Regularization.none(), ComponentSettings.defaults("constant")));
    network.params().assign(1);
    double[] errors = new double[steps + 1];
    errors[0] = norm(network);
    for (int step = 1; step <= steps; step++) {
      float[] slopes = network.params().toFloatVector();
      for (int i = 0; i < slopes.length; i++) {
        slopes[i] *= (float) (1 + (kappa - 1.0) * i / (VALUES - 1));
      }
      HostVector.gradients(network).assign(Nd4j.createFromArray(slopes));
      update.step(1, StepRates.of(rate), 0);
      errors[step] = norm(network);
    }
    return errors;
  }

  private static double norm(ComputationGraph network) {
    double sum = 0;
    for (double value : network.params().toDoubleVector()) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .addLayer(
                    "output",
                    new OutputLayer.Builder().hasBias(false).nIn(1).nOut(VALUES).build(),
                    "input")
                .setOutputs("output")
                .build());
    network.init();
    network.initGradientsView();
    return network;
  }
}
