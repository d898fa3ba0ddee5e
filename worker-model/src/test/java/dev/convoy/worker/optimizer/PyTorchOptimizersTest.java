package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.schedule.StepRates;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Five steps of every optimizer that PyTorch 1.13 has, as {@code pytorch_optimizers.py} took them
 * in double precision: those of the formula in double precision, and Convoy's in single precision.
 */
class PyTorchOptimizersTest {
  private static final double DOUBLE_TOLERANCE = 1e-6;
  private static final double FLOAT_TOLERANCE = 1e-5;

  private static final int WEIGHTS = 12;
  private static final int BIASES = 3;
  private static final int STEPS = 5;
  private static final double PENALTY = 0.05;
  private static final double LARGEST_NORM = 1.5;

  /** Those whose velocity holds the rate here, and not there. */
  private static final Set<String> AT_A_CONSTANT_RATE = Set.of("sgd-with-momentum", "nesterov");

  private static final Map<String, List<double[]>> PYTORCH = read();

  /** A rule's formula for one value, in double precision. */
  private interface Formula {
    /**
     * What a step takes off.
     *
     * @param g gradient, clipped and with the penalty
     * @param r rate
     * @param t step, counted from 1
     * @param s what the rule remembers of this value, zeros at first
     */
    double step(double g, double r, int t, double[] s);
  }

  /** A configuration and its formula. */
  private record Case(
      String name, String rule, double rate, Map<String, Object> options, Formula formula) {}

  private static final List<Case> CASES =
      List.of(
          new Case("sgd", "sgd", 0.05, Map.of(), (g, r, t, s) -> r * g),
          new Case(
              "sgd-with-momentum",
              "sgd",
              0.05,
              Map.of("momentum", 0.7),
              (g, r, t, s) -> s[0] = 0.7 * s[0] + r * g),
          new Case(
              "momentum",
              "momentum",
              0.05,
              Map.of(),
              (g, r, t, s) -> {
                s[0] = 0.9 * s[0] + g;
                return r * s[0];
              }),
          new Case(
              "nesterov",
              "nesterov",
              0.05,
              Map.of(),
              (g, r, t, s) -> {
                s[0] = 0.9 * s[0] + g;
                return r * (g + 0.9 * s[0]);
              }),
          new Case(
              "adagrad",
              "adagrad",
              0.05,
              Map.of(),
              (g, r, t, s) -> {
                s[0] += g * g;
                return r * g / (Math.sqrt(s[0]) + 1e-10);
              }),
          new Case(
              "rmsprop",
              "rmsprop",
              0.01,
              Map.of(),
              (g, r, t, s) -> {
                s[0] = 0.99 * s[0] + 0.01 * g * g;
                return r * g / (Math.sqrt(s[0]) + 1e-8);
              }),
          new Case(
              "rmsprop-with-momentum",
              "rmsprop",
              0.01,
              Map.of("rho", 0.9, "momentum", 0.5),
              (g, r, t, s) -> {
                s[0] = 0.9 * s[0] + 0.1 * g * g;
                s[1] = 0.5 * s[1] + g / (Math.sqrt(s[0]) + 1e-8);
                return r * s[1];
              }),
          new Case(
              "rmsprop-centred",
              "rmsprop",
              0.01,
              Map.of("rho", 0.9, "momentum", 0.5, "centred", true),
              (g, r, t, s) -> {
                s[0] = 0.9 * s[0] + 0.1 * g * g;
                s[2] = 0.9 * s[2] + 0.1 * g;
                s[1] = 0.5 * s[1] + g / (Math.sqrt(s[0] - s[2] * s[2]) + 1e-8);
                return r * s[1];
              }),
          new Case(
              "adadelta",
              "adadelta",
              1,
              Map.of(),
              (g, r, t, s) -> {
                s[0] = 0.9 * s[0] + 0.1 * g * g;
                double change = Math.sqrt(s[1] + 1e-6) / Math.sqrt(s[0] + 1e-6) * g;
                s[1] = 0.9 * s[1] + 0.1 * change * change;
                return r * change;
              }),
          new Case("adam", "adam", 0.05, Map.of(), (g, r, t, s) -> adam(g, r, t, s, 0.9, 0.999)),
          new Case(
              "amsgrad",
              "amsgrad",
              0.05,
              Map.of("beta1", 0.8, "beta2", 0.95),
              (g, r, t, s) -> {
                s[0] = 0.8 * s[0] + 0.2 * g;
                s[1] = 0.95 * s[1] + 0.05 * g * g;
                s[2] = Math.max(s[2], s[1]);
                double square = s[2] / (1 - Math.pow(0.95, t));
                return r * s[0] / (1 - Math.pow(0.8, t)) / (Math.sqrt(square) + 1e-8);
              }),
          new Case("adamw", "adamw", 0.05, Map.of(), (g, r, t, s) -> adam(g, r, t, s, 0.9, 0.999)),
          new Case(
              "nadam",
              "nadam",
              0.05,
              Map.of(),
              (g, r, t, s) -> {
                double product = 1;
                for (int step = 1; step <= t; step++) {
                  product *= share(step);
                }
                s[0] = 0.9 * s[0] + 0.1 * g;
                s[1] = 0.999 * s[1] + 0.001 * g * g;
                double next = share(t + 1);
                double mean =
                    (1 - share(t)) * g / (1 - product) + next * s[0] / (1 - product * next);
                return r * mean / (Math.sqrt(s[1] / (1 - Math.pow(0.999, t))) + 1e-8);
              }));

  private static double adam(double g, double r, int t, double[] s, double beta1, double beta2) {
    s[0] = beta1 * s[0] + (1 - beta1) * g;
    s[1] = beta2 * s[1] + (1 - beta2) * g * g;
    double mean = s[0] / (1 - Math.pow(beta1, t));
    return r * mean / (Math.sqrt(s[1] / (1 - Math.pow(beta2, t))) + 1e-8);
  }

  /** Dozat 2016. */
  private static double share(int step) {
    return 0.9 * (1 - 0.5 * Math.pow(0.96, step * 0.004));
  }

  static Stream<Case> cases() {
    return CASES.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theFormulaIsThatOfPyTorch(Case one) {
    for (boolean regularised : new boolean[] {false, true}) {
      double[] parameters = PYTORCH.get("start").get(0).clone();
      double[][] states = new double[parameters.length][3];
      for (int step = 1; step <= STEPS; step++) {
        double[] gradient = PYTORCH.get("gradient").get(step - 1).clone();
        // PyTorch adds 1e-6 to the norm, and Convoy does not.
        double scale = LARGEST_NORM / (norm(gradient) + 1e-6);
        double rate = rate(one, step, regularised);
        for (int i = 0; i < parameters.length; i++) {
          double decay = regularised && i < WEIGHTS ? PENALTY * parameters[i] : 0;
          double clipped = gradient[i] * (regularised ? Math.min(1, scale) : 1);
          boolean decoupled = one.rule.equals("adamw");
          double taken = one.formula.step(clipped + (decoupled ? 0 : decay), rate, step, states[i]);
          parameters[i] -= taken + (decoupled ? rate * decay : 0);
        }
        assertClose(parameters, one, regularised, step, DOUBLE_TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void itsStepsAreThoseOfPyTorch(Case one) {
    for (boolean regularised : new boolean[] {false, true}) {
      double penalty = regularised ? PENALTY : 0;
      boolean decoupled = one.rule.equals("adamw");
      ComputationGraph network = network();
      ParameterUpdate update =
          new ParameterUpdate(
              network,
              PlainOptimizer.settings(
                  new ComponentSettings(one.rule, one.options),
                  one.rate,
                  new Regularization(
                      0,
                      decoupled ? 0 : penalty,
                      decoupled ? penalty : 0,
                      regularised ? LARGEST_NORM : 0,
                      0),
                  ComponentSettings.defaults("constant")));
      network.params().assign(Nd4j.createFromArray(PYTORCH.get("start").get(0)));
      for (int step = 1; step <= STEPS; step++) {
        HostVector.gradients(network)
            .assign(Nd4j.createFromArray(PYTORCH.get("gradient").get(step - 1)));
        update.step(1, StepRates.of(rate(one, step, regularised)), 0);
        assertClose(network.params().toDoubleVector(), one, regularised, step, FLOAT_TOLERANCE);
      }
    }
  }

  private static double rate(Case one, int step, boolean regularised) {
    boolean falls = regularised && !AT_A_CONSTANT_RATE.contains(one.name);
    return one.rate * (falls ? Math.pow(0.8, step - 1.0) : 1);
  }

  private static void assertClose(
      double[] found, Case one, boolean regularised, int step, double tolerance) {
    String name = one.name + (regularised ? "-regularised" : "");
    double[] expected = PYTORCH.get(name).get(step - 1);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(found[i] - expected[i]) / Math.abs(expected[i]))
          .as("%s, step %d, value %d: %s and %s", name, step, i, found[i], expected[i])
          .isLessThan(tolerance);
    }
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
  }

  /** Lines that share a name, in order. */
  private static Map<String, List<double[]>> read() {
    try (InputStream in =
        PyTorchOptimizersTest.class.getResourceAsStream("pytorch_optimizers.txt")) {
      Map<String, List<double[]>> lines = new LinkedHashMap<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" ", -1))
          .forEach(
              words ->
                  lines
                      .computeIfAbsent(words[0], name -> new ArrayList<>())
                      .add(Arrays.stream(words).skip(1).mapToDouble(Double::valueOf).toArray()));
      return lines;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Weights, and biases behind them. */
  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .addLayer(
                    "output",
                    new OutputLayer.Builder().nIn(WEIGHTS / BIASES).nOut(BIASES).build(),
                    "input")
                .setOutputs("output")
                .build());
    network.init();
    network.initGradientsView();
    return network;
  }
}
