package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.schedule.StepRates;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class ParameterUpdateTest {
  /** A few float operations per value and step, each rounded to 6e-8 of values around 1. */
  private static final float FLOAT_ROUNDING = 2e-6f;

  private static final double RATE = 0.05;
  private static final double MOMENTUM = 0.9;
  private static final int BATCH = 4;
  private static final int STEPS = 5;

  private final ComputationGraph network = network();
  private final boolean[] isWeight = flags(ParameterUpdateTest::isWeightName);
  private final boolean[] isStatistic = flags(name -> name.matches(".*_(mean|var)"));

  @Test
  void theNetworkHasWeightsOthersAndRunningStatistics() {
    assertThat(count(isWeight)).isEqualTo(3 * 2 * 3 * 3 + 3 * 4 * 4 * 5 + 5 * 3);
    assertThat(count(isStatistic)).isEqualTo(6);
  }

  @Test
  void sgdSubtractsTheRateTimesTheMeanGradient() {
    Reference reference = (gradient, step) -> times(gradient, RATE);
    assertFollows(reference, settings("sgd", Regularization.none()));
  }

  /** Polyak 1964. */
  @Test
  void sgdWithMomentumKeepsAShareOfTheLastStep() {
    double[] velocity = new double[isWeight.length];
    assertFollows(
        (gradient, step) -> {
          for (int i = 0; i < velocity.length; i++) {
            velocity[i] = 0.7 * velocity[i] + RATE * gradient[i];
          }
          return velocity.clone();
        },
        settings(new ComponentSettings("sgd", Map.of("momentum", 0.7)), Regularization.none()));
  }

  /** Nesterov 1983, in the form of Sutskever et al. 2013 that looks ahead from the new point. */
  @Test
  void nesterovFollowsItsFormula() {
    assertFollows(nesterov(), settings("nesterov", Regularization.none()));
  }

  private Reference nesterov() {
    double[] velocity = new double[Math.toIntExact(network.numParams())];
    return (gradient, step) -> {
      double[] taken = new double[gradient.length];
      for (int i = 0; i < taken.length; i++) {
        double before = velocity[i];
        velocity[i] = MOMENTUM * before - RATE * gradient[i];
        taken[i] = MOMENTUM * before - (1 + MOMENTUM) * velocity[i];
      }
      return taken;
    };
  }

  @Test
  void adamFollowsItsFormula() {
    AdamReference adam = new AdamReference(0.8, 0.95, 1e-3);
    Reference reference = (gradient, step) -> adam.step(gradient);
    assertFollows(
        reference,
        settings(
            new ComponentSettings("adam", Map.of("beta1", 0.8, "beta2", 0.95, "epsilon", 1e-3)),
            Regularization.none()));
  }

  /** Loshchilov and Hutter 2019, algorithm 2, with the rate as the schedule's multiplier. */
  @Test
  void adamWFollowsItsFormulaAndDecaysWeightsAlone() {
    double decay = 0.6;
    double[] first = new double[isWeight.length];
    double[] second = new double[isWeight.length];
    double[] weights = new double[isWeight.length];
    assertFollows(
        (gradient, step) -> {
          double[] taken = new double[gradient.length];
          for (int i = 0; i < taken.length; i++) {
            first[i] = 0.8 * first[i] + 0.2 * gradient[i];
            second[i] = 0.95 * second[i] + 0.05 * gradient[i] * gradient[i];
            double mean = first[i] / (1 - Math.pow(0.8, step));
            double square = second[i] / (1 - Math.pow(0.95, step));
            double decayed = isWeight[i] ? decay * weights[i] : 0;
            taken[i] = RATE * (mean / (Math.sqrt(square) + 1e-3) + decayed);
          }
          return taken;
        },
        settings(
            new ComponentSettings("adamw", Map.of("beta1", 0.8, "beta2", 0.95, "epsilon", 1e-3)),
            new Regularization(0, 0, decay, 0, 0)),
        weights);
  }

  /** You, Gitman and Ginsburg 2017, algorithm 1. */
  @Test
  void larsScalesTheRateOfEveryLayersWeightsByTheirNorms() {
    double trust = 0.02;
    double l2 = 0.3;
    double[] velocity = new double[isWeight.length];
    double[] weights = new double[isWeight.length];
    assertFollows(
        (gradient, step) -> {
          for (Segment segment : Segment.of(network)) {
            int from = (int) segment.offset();
            int to = (int) (from + segment.length());
            double weightNorm = norm(Arrays.copyOfRange(weights, from, to));
            double gradientNorm = norm(Arrays.copyOfRange(gradient, from, to));
            for (int i = from; i < to; i++) {
              double penalised = gradient[i] + (isWeight[i] ? l2 * weights[i] : 0);
              double local =
                  isWeight[i] ? trust * weightNorm / (gradientNorm + l2 * weightNorm) : 1;
              velocity[i] = MOMENTUM * velocity[i] + RATE * local * penalised;
            }
          }
          return velocity.clone();
        },
        settings(
            new ComponentSettings("lars", Map.of("trust-coefficient", trust)),
            new Regularization(0, l2, 0, 0, 0)),
        weights);
  }

  /** You et al. 2020, algorithm 2, with the identity for φ. */
  @Test
  void lambScalesAdamsDirectionAndTheDecayOfEveryLayersWeightsToTheirNorm() {
    double decay = 0.4;
    double[] first = new double[isWeight.length];
    double[] second = new double[isWeight.length];
    double[] weights = new double[isWeight.length];
    assertFollows(
        (gradient, step) -> {
          double[] taken = new double[gradient.length];
          for (int i = 0; i < taken.length; i++) {
            first[i] = 0.8 * first[i] + 0.2 * gradient[i];
            second[i] = 0.95 * second[i] + 0.05 * gradient[i] * gradient[i];
            double mean = first[i] / (1 - Math.pow(0.8, step));
            double square = second[i] / (1 - Math.pow(0.95, step));
            taken[i] = mean / (Math.sqrt(square) + 1e-3) + (isWeight[i] ? decay * weights[i] : 0);
          }
          for (Segment segment : Segment.of(network)) {
            int from = (int) segment.offset();
            int to = (int) (from + segment.length());
            double weightNorm = norm(Arrays.copyOfRange(weights, from, to));
            double direction = norm(Arrays.copyOfRange(taken, from, to));
            for (int i = from; i < to; i++) {
              taken[i] *= RATE * (isWeight[i] ? weightNorm / direction : 1);
            }
          }
          return taken;
        },
        settings(
            new ComponentSettings("lamb", Map.of("beta1", 0.8, "beta2", 0.95, "epsilon", 1e-3)),
            new Regularization(0, 0, decay, 0, 0)),
        weights);
  }

  @Test
  void lambTakesAnOrdinaryStepWhereALayersWeightsAreZero() {
    network.params().assign(0);
    ParameterUpdate update = new ParameterUpdate(network, settings("lamb", Regularization.none()));
    step(update, 0);
    float[] gradient = randomGradient(0);
    float[] found = network.params().toFloatVector();
    for (int i = 0; i < found.length; i++) {
      double expected = isStatistic[i] ? -gradient[i] : -RATE * Math.signum(gradient[i]);
      assertThat((double) found[i]).isCloseTo(expected, within(1e-5));
    }
  }

  /** Chen et al. 2023, algorithm 2. */
  @Test
  void lionStepsByTheSignOfAMeanOfGradients() {
    double decay = 0.4;
    double[] mean = new double[isWeight.length];
    double[] weights = new double[isWeight.length];
    assertFollows(
        (gradient, step) -> {
          double[] taken = new double[gradient.length];
          for (int i = 0; i < taken.length; i++) {
            double sign = Math.signum(0.9 * mean[i] + 0.1 * gradient[i]);
            taken[i] = RATE * (sign + (isWeight[i] ? decay * weights[i] : 0));
            mean[i] = 0.99 * mean[i] + 0.01 * gradient[i];
          }
          return taken;
        },
        settings("lion", new Regularization(0, 0, decay, 0, 0)),
        weights);
  }

  /** Each worker's correction is how much of its moment is no longer zero, so their mean is. */
  @Test
  void nadamIsCorrectedForTheMeanOfAveragedStates() {
    OptimizerSettings settings = settings("nadam", Regularization.none());
    float[] first = stateAfter(2, settings);
    float[] second = stateAfter(3, settings);
    int correction = first.length - 1;
    assertThat((double) first[correction]).isCloseTo(1 - share(1) * share(2), within(1e-6));
    assertThat((double) second[correction])
        .isCloseTo(1 - share(1) * share(2) * share(3), within(1e-6));
    assertThat(first[correction - 1]).isEqualTo(2);
  }

  private static double share(int step) {
    return 0.9 * (1 - 0.5 * Math.pow(0.96, step * 0.004));
  }

  @Test
  void larsTakesAnOrdinaryStepWhereALayersWeightsAreZero() {
    network.params().assign(0);
    ParameterUpdate update = new ParameterUpdate(network, settings("lars", Regularization.none()));
    step(update, 0);
    float[] gradient = randomGradient(0);
    float[] found = network.params().toFloatVector();
    for (int i = 0; i < found.length; i++) {
      double expected = isStatistic[i] ? -gradient[i] : -RATE * gradient[i] / BATCH;
      assertThat((double) found[i]).isCloseTo(expected, within((double) FLOAT_ROUNDING));
    }
  }

  @Test
  void penaltiesAreAddedToTheGradientOfWeightsAlone() {
    double l1 = 0.3;
    double l2 = 0.7;
    double[] weights = new double[isWeight.length];
    Reference nesterov = nesterov();
    assertFollows(
        (gradient, step) -> {
          double[] penalised = gradient.clone();
          for (int i = 0; i < penalised.length; i++) {
            if (isWeight[i]) {
              penalised[i] += l2 * weights[i] + l1 * Math.signum(weights[i]);
            }
          }
          return nesterov.step(penalised, step);
        },
        settings("nesterov", new Regularization(l1, l2, 0, 0, 0)),
        weights);
  }

  @Test
  void weightDecayTakesRateTimesDecayOffWeightsAlone() {
    double decay = 0.6;
    double[] weights = new double[isWeight.length];
    Reference nesterov = nesterov();
    assertFollows(
        (gradient, step) -> {
          double[] taken = nesterov.step(gradient, step);
          for (int i = 0; i < taken.length; i++) {
            taken[i] += isWeight[i] ? RATE * decay * weights[i] : 0;
          }
          return taken;
        },
        settings("nesterov", new Regularization(0, 0, decay, 0, 0)),
        weights);
  }

  @Test
  void aLongGradientIsClippedToTheNormOverAllParametersBeforePenalties() {
    double largestNorm = 0.5;
    double l2 = 0.7;
    double[] weights = new double[isWeight.length];
    assertFollows(
        (gradient, step) -> {
          double norm = norm(gradient);
          assertThat(norm).isGreaterThan(largestNorm);
          double[] clipped = times(gradient, largestNorm / norm);
          for (int i = 0; i < clipped.length; i++) {
            clipped[i] += isWeight[i] ? l2 * weights[i] : 0;
          }
          return times(clipped, RATE);
        },
        settings("sgd", new Regularization(0, l2, 0, largestNorm, 0)),
        weights);
  }

  @Test
  void aShortGradientIsNotClipped() {
    Reference reference =
        (gradient, step) -> {
          assertThat(norm(gradient)).isLessThan(1000);
          return times(gradient, RATE);
        };
    assertFollows(reference, settings("sgd", new Regularization(0, 0, 0, 1000, 0)));
  }

  @Test
  void aMeasuredStepIsTheSameAndTellsItsNorms() {
    OptimizerSettings settings = settings("nesterov", new Regularization(0.01, 0.02, 0, 0.5, 0));
    ParameterUpdate update = new ParameterUpdate(network, settings);
    ComputationGraph twin = network.clone();
    twin.initGradientsView();
    ParameterUpdate other = new ParameterUpdate(twin, settings);
    float[] gradient = randomGradient(3);
    float[] before = network.params().toFloatVector();
    setGradient(gradient);
    HostVector.gradients(twin)
        .assign(Nd4j.createFromArray(gradient).reshape(HostVector.gradients(twin).shape()));
    StepNorms norms = update.measuredStep(BATCH, StepRates.of(RATE), 0);
    other.step(BATCH, StepRates.of(RATE), 0);
    float[] after = network.params().toFloatVector();
    assertThat(after).isEqualTo(twin.params().toFloatVector());
    List<Segment> segments = Segment.of(network);
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      boolean moves = segment.kind() != Segment.Kind.RUNNING_STATISTIC;
      double parameters = 0;
      double gradients = 0;
      double updates = 0;
      for (int at = (int) segment.offset(); at < segment.offset() + segment.length(); at++) {
        parameters += moves ? (double) before[at] * before[at] : 0;
        gradients += moves ? (double) gradient[at] * gradient[at] / BATCH / BATCH : 0;
        updates += moves ? Math.pow((double) after[at] - before[at], 2) : 0;
      }
      assertThat(norms.parameters()[i]).isCloseTo(Math.sqrt(parameters), within(1e-5));
      assertThat(norms.gradients()[i]).isCloseTo(Math.sqrt(gradients), within(1e-5));
      assertThat(norms.updates()[i]).isCloseTo(Math.sqrt(updates), within(1e-5));
    }
  }

  @Test
  void weightsIntoAUnitAreScaledBackToTheLargestNorm() {
    double largest = 1.0;
    DataSet batch = batch(0);
    INDArray before = network.params().dup();
    computeGradient(batch);
    new ParameterUpdate(network, settings("sgd", Regularization.none()))
        .step(BATCH, StepRates.of(RATE), 0);
    Map<String, INDArray> free = new HashMap<>();
    network.paramTable().forEach((name, values) -> free.put(name, values.dup()));

    network.params().assign(before);
    computeGradient(batch);
    new ParameterUpdate(network, settings("sgd", new Regularization(0, 0, 0, 0, largest)))
        .step(BATCH, StepRates.of(RATE), 0);

    int scaled = 0;
    int kept = 0;
    for (Map.Entry<String, INDArray> entry : network.paramTable().entrySet()) {
      INDArray unbounded = free.get(entry.getKey());
      if (!entry.getKey().endsWith("_W")) {
        assertThat(entry.getValue()).isEqualTo(unbounded);
        continue;
      }
      int unitDimension = unbounded.rank() == 2 ? 1 : 0;
      for (int unit = 0; unit < unbounded.size(unitDimension); unit++) {
        double[] expected = unit(unbounded, unitDimension, unit);
        double factor = Math.min(1, largest / norm(expected));
        scaled += factor < 1 ? 1 : 0;
        kept += factor < 1 ? 0 : 1;
        assertThat(unit(entry.getValue(), unitDimension, unit))
            .containsExactly(times(expected, factor), within((double) FLOAT_ROUNDING));
      }
    }
    assertThat(scaled).isPositive();
    assertThat(kept).isPositive();
  }

  private static double[] unit(INDArray weights, int unitDimension, int unit) {
    return weights.slice(unit, unitDimension).dup('c').data().asDouble();
  }

  static Set<String> rules() {
    return Optimizers.FAMILY.names();
  }

  static Stream<String> rulesWithState() {
    return rules().stream().filter(name -> !name.equals("sgd"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void runningStatisticsChangeAsPlainDeeplearning4jChangesThem(String name) {
    ComputationGraph plain = network.clone();
    plain.setLearningRate(RATE);
    ParameterUpdate update =
        new ParameterUpdate(network, settings(name, new Regularization(0.1, 0.2, 0.3, 1e-3, 0)));
    for (int step = 0; step < STEPS; step++) {
      plain.setParams(network.params().dup());
      DataSet batch = batch(step);
      plain.fit(batch);
      computeGradient(batch);
      update.step(BATCH, StepRates.of(RATE), 0);
      for (String statistic : new String[] {"norm_mean", "norm_var"}) {
        assertThat(network.getParam(statistic)).isEqualTo(plain.getParam(statistic));
      }
    }
    assertThat(network.getParam("norm_mean").amaxNumber().doubleValue()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theStateIsAllThatIsRememberedBetweenSteps(String name) {
    OptimizerSettings settings = settings(name, Regularization.none());
    ParameterUpdate update = new ParameterUpdate(network, settings);
    step(update, 0);
    step(update, 1);
    float[] state = update.state();
    float[] parameters = network.params().toFloatVector();
    step(update, 2);
    float[] expected = network.params().toFloatVector();
    step(update, 3);

    network.params().assign(Nd4j.createFromArray(parameters));
    update.setState(state);
    step(update, 2);
    assertThat(network.params().toFloatVector()).isEqualTo(expected);

    network.params().assign(Nd4j.createFromArray(parameters));
    ParameterUpdate another = new ParameterUpdate(network, settings);
    another.setState(state);
    assertThat(another.state()).isEqualTo(state);
    step(another, 2);
    assertThat(network.params().toFloatVector()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("rulesWithState")
  void anEmptyStateIsThatOfANewRun(String name) {
    float[] parameters = network.params().toFloatVector();
    ParameterUpdate update = new ParameterUpdate(network, settings(name, Regularization.none()));
    step(update, 0);
    float[] expected = network.params().toFloatVector();
    step(update, 1);

    network.params().assign(Nd4j.createFromArray(parameters));
    update.setState(new float[0]);
    assertThat(update.state()).containsOnly(0);
    step(update, 0);
    assertThat(network.params().toFloatVector()).isEqualTo(expected);
  }

  @Test
  void theStateIsACopy() {
    ParameterUpdate update =
        new ParameterUpdate(network, settings("nesterov", Regularization.none()));
    step(update, 0);
    float[] state = update.state();
    float[] before = state.clone();
    step(update, 1);
    assertThat(state).isEqualTo(before);
    update.setState(state);
    step(update, 1);
    assertThat(state).isEqualTo(before);
  }

  @Test
  void everyRuleKeepsAsMuchStateAsItNeeds() {
    int parameters = Math.toIntExact(network.numParams());
    assertThat(stateLength("sgd")).isZero();
    assertThat(stateLength("nesterov")).isEqualTo(parameters);
    assertThat(stateLength("adam")).as("moments and steps").isEqualTo(2 * parameters + 1);
  }

  private int stateLength(String name) {
    return new ParameterUpdate(network, settings(name, Regularization.none())).state().length;
  }

  static Stream<String> names() {
    return Optimizers.FAMILY.names().stream();
  }

  /** A warm-up begins with a rate of 0. */
  @ParameterizedTest
  @MethodSource("names")
  void atARateOfZeroNothingMoves(String name) {
    boolean hasEpsilon = Optimizers.FAMILY.member(name).option("epsilon").isPresent();
    ParameterUpdate update =
        new ParameterUpdate(
            network,
            settings(
                new ComponentSettings(name, hasEpsilon ? Map.of("epsilon", 0.1) : Map.of()),
                new Regularization(0, 0, 0.1, 0, 0)));
    float[] before = network.params().toFloatVector();
    for (int step = 0; step < STEPS; step++) {
      float[] gradient = randomGradient(step);
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = isStatistic[i] ? 0 : gradient[i];
      }
      setGradient(gradient);
      update.step(BATCH, StepRates.of(0), 0);
    }
    assertThat(network.params().toFloatVector()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "momentum, momentum",
    "nesterov, momentum",
    "lars, momentum",
    "adam, beta1",
    "adamw, beta1",
    "amsgrad, beta1",
    "lamb, beta1",
    "lion, beta1"
  })
  void aScheduledMomentumTakesThePlaceOfTheRulesOwn(String name, String option) {
    float[] before = network.params().toFloatVector();
    ParameterUpdate own =
        new ParameterUpdate(
            network,
            settings(new ComponentSettings(name, Map.of(option, 0.6)), Regularization.none()));
    for (int step = 0; step < STEPS; step++) {
      step(own, step);
    }
    float[] expected = network.params().toFloatVector();
    network.params().assign(Nd4j.createFromArray(before));
    ParameterUpdate scheduled = new ParameterUpdate(network, settings(name, Regularization.none()));
    for (int step = 0; step < STEPS; step++) {
      setGradient(randomGradient(step));
      scheduled.step(BATCH, new StepRates(RATE, OptionalDouble.of(0.6), 0), 0);
    }
    assertThat(network.params().toFloatVector()).isEqualTo(expected);
  }

  /** The moments begin anew, and so does what they are corrected by. */
  @Test
  void adamIsCorrectedForTheStepsSinceItsStateWasReset() {
    OptimizerSettings settings = settings("adam", Regularization.none());
    ParameterUpdate update = new ParameterUpdate(network, settings);
    AdamReference reference = new AdamReference(0.9, 0.999, 1e-8);
    double[] expected = network.params().toDoubleVector();
    for (int step = 0; step < 3 * STEPS; step++) {
      if (step % STEPS == 0) {
        update.setState(new float[0]);
        reference.reset();
      }
      takeBoth(update, reference, step, expected);
    }
  }

  /** A round's tail may give one worker fewer steps than the others. */
  @Test
  void adamIsCorrectedForTheMeanStepsOfAveragedStates() {
    OptimizerSettings settings = settings("adam", Regularization.none());
    float[] first = stateAfter(2, settings);
    float[] second = stateAfter(3, settings);
    float[] mean = new float[first.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (first[i] + second[i]) / 2;
    }
    assertThat(mean[mean.length - 1]).isEqualTo(2.5f);

    AdamReference reference = new AdamReference(0.9, 0.999, 1e-8);
    for (int i = 0; i < reference.first.length; i++) {
      reference.first[i] = mean[i];
      reference.second[i] = mean[reference.first.length + i];
    }
    reference.steps = 2.5;
    ParameterUpdate update = new ParameterUpdate(network, settings);
    update.setState(mean);
    double[] expected = network.params().toDoubleVector();
    for (int step = 3; step < 3 + STEPS; step++) {
      takeBoth(update, reference, step, expected);
    }
  }

  private float[] stateAfter(int steps, OptimizerSettings settings) {
    ParameterUpdate update = new ParameterUpdate(network, settings);
    for (int step = 0; step < steps; step++) {
      step(update, step);
    }
    return update.state();
  }

  /** One step, in float and in double precision, from gradients that are drawn for it. */
  private void takeBoth(
      ParameterUpdate update, AdamReference reference, int draw, double[] expected) {
    float[] gradient = randomGradient(draw);
    double[] mean = new double[gradient.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = isStatistic[i] ? 0 : (double) gradient[i] / BATCH;
    }
    double[] taken = reference.step(mean);
    for (int i = 0; i < expected.length; i++) {
      expected[i] -= isStatistic[i] ? gradient[i] : taken[i];
    }
    step(update, draw);
    assertClose(network.params().toFloatVector(), expected, draw);
  }

  /** Kingma and Ba 2015, in the order of computation that ends their section 2. */
  private final class AdamReference {
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double[] first = new double[isWeight.length];
    private final double[] second = new double[isWeight.length];
    private double steps;

    AdamReference(double beta1, double beta2, double epsilon) {
      this.beta1 = beta1;
      this.beta2 = beta2;
      this.epsilon = epsilon;
    }

    void reset() {
      Arrays.fill(first, 0);
      Arrays.fill(second, 0);
      steps = 0;
    }

    double[] step(double[] gradient) {
      steps++;
      double rate = RATE * Math.sqrt(1 - Math.pow(beta2, steps)) / (1 - Math.pow(beta1, steps));
      double[] taken = new double[gradient.length];
      for (int i = 0; i < taken.length; i++) {
        first[i] = beta1 * first[i] + (1 - beta1) * gradient[i];
        second[i] = beta2 * second[i] + (1 - beta2) * gradient[i] * gradient[i];
        taken[i] = rate * first[i] / (Math.sqrt(second[i]) + epsilon);
      }
      return taken;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "nesterov"})
  void aStateOfAnotherLengthIsRefused(String name) {
    ParameterUpdate update = new ParameterUpdate(network, settings(name, Regularization.none()));
    int length = update.state().length;
    assertThatThrownBy(() -> update.setState(new float[length + 1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot set the optimizer's state: expected "
                + length
                + " values, found "
                + (length + 1));
  }

  @Test
  void anUnknownRuleIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> new ParameterUpdate(network, settings("tiger", Regularization.none())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot make optimizer tiger: name = tiger: expected one of "
                + String.join(", ", Optimizers.FAMILY.names())
                + ".");
  }

  /** What a step takes off the parameters, in double precision. */
  private interface Reference {
    /**
     * One step.
     *
     * @param gradient mean over the batch; 0 for running statistics
     * @param step counted from 1
     */
    double[] step(double[] gradient, int step);
  }

  private void assertFollows(Reference reference, OptimizerSettings settings) {
    assertFollows(reference, settings, new double[isWeight.length]);
  }

  /**
   * Takes some steps with random gradients.
   *
   * @param current is given the reference's parameters before each step
   */
  private void assertFollows(Reference reference, OptimizerSettings settings, double[] current) {
    ParameterUpdate update = new ParameterUpdate(network, settings);
    double[] expected = network.params().toDoubleVector();
    for (int step = 0; step < STEPS; step++) {
      float[] gradient = randomGradient(step);
      System.arraycopy(expected, 0, current, 0, current.length);
      double[] mean = new double[gradient.length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = isStatistic[i] ? 0 : (double) gradient[i] / BATCH;
      }
      double[] taken = reference.step(mean, step + 1);
      for (int i = 0; i < expected.length; i++) {
        expected[i] -= isStatistic[i] ? gradient[i] : taken[i];
      }
      setGradient(gradient);
      update.step(BATCH, StepRates.of(RATE), 0);
      assertClose(network.params().toFloatVector(), expected, step);
    }
  }

  private void assertClose(float[] found, double[] expected, int step) {
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i])
          .as("step %d, parameter %d", step, i)
          .isCloseTo(expected[i], within((double) FLOAT_ROUNDING));
    }
  }

  private void step(ParameterUpdate update, int step) {
    setGradient(randomGradient(step));
    update.step(BATCH, StepRates.of(RATE), 0);
  }

  private float[] randomGradient(int seed) {
    Random random = new Random(seed);
    float[] gradient = new float[isWeight.length];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) random.nextGaussian();
    }
    return gradient;
  }

  private void setGradient(float[] gradient) {
    HostVector.gradients(network)
        .assign(Nd4j.createFromArray(gradient).reshape(HostVector.gradients(network).shape()));
  }

  private void computeGradient(DataSet batch) {
    network.setInput(0, batch.getFeatures());
    network.setLabel(0, batch.getLabels());
    network.computeGradientAndScore();
  }

  private static OptimizerSettings settings(String name, Regularization regularization) {
    return settings(ComponentSettings.defaults(name), regularization);
  }

  private static OptimizerSettings settings(ComponentSettings rule, Regularization regularization) {
    return PlainOptimizer.settings(
        rule, RATE, regularization, ComponentSettings.defaults("constant"));
  }

  /** Which flat positions belong to parameters of such names: found by writing to them. */
  private boolean[] flags(Predicate<String> names) {
    ComputationGraph marked = network.clone();
    marked.params().assign(0);
    for (String name : marked.paramTable().keySet()) {
      if (names.test(name)) {
        marked.getParam(name).assign(1);
      }
    }
    float[] marks = marked.params().toFloatVector();
    boolean[] flags = new boolean[marks.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = marks[i] == 1;
    }
    return flags;
  }

  private static boolean isWeightName(String name) {
    return name.endsWith("_W");
  }

  private static long count(boolean[] flags) {
    return IntStream.range(0, flags.length).filter(i -> flags[i]).count();
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static double[] times(double[] values, double factor) {
    double[] product = new double[values.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = values[i] * factor;
    }
    return product;
  }

  private static DataSet batch(int seed) {
    Random random = new Random(100 + seed);
    float[] images = new float[BATCH * 2 * 6 * 6];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian() + 1;
    }
    INDArray labels = Nd4j.zeros(BATCH, 3);
    for (int i = 0; i < BATCH; i++) {
      labels.putScalar(i, i % 3, 1);
    }
    return new DataSet(Nd4j.create(images, new long[] {BATCH, 2, 6, 6}, 'c'), labels);
  }

  /** A convolution with bias, batch normalisation, two dense layers; random parameters. */
  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .updater(new Sgd(RATE))
                .graphBuilder()
                .addInputs("input")
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(3, 3).nOut(3).hasBias(true).build(),
                    "input")
                .addLayer("norm", new BatchNormalization.Builder().useLogStd(false).build(), "conv")
                .addLayer(
                    "dense",
                    new DenseLayer.Builder().nOut(5).activation(Activation.TANH).build(),
                    "norm")
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(3)
                        .build(),
                    "dense")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(6, 6, 2))
                .build());
    network.init();
    Random random = new Random(7);
    float[] parameters = new float[Math.toIntExact(network.numParams())];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) (0.5 * random.nextGaussian());
    }
    network.params().assign(Nd4j.createFromArray(parameters).reshape(network.params().shape()));
    network.getParam("norm_var").assign(1);
    network.initGradientsView();
    return network;
  }
}
