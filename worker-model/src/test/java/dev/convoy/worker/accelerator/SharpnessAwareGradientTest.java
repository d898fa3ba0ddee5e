package dev.convoy.worker.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Propagation;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.ParameterUpdate;
import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.Segment.Kind;
import dev.convoy.worker.schedule.StepRates;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** Foret et al. 2021, algorithm 1, as a loop over gradients that a network is asked for. */
class SharpnessAwareGradientTest {
  /** Of the way gone: the layers' gradients are the compiled network's up to rounding. */
  private static final double ROUNDING = 1e-3;

  private static final InputShape INPUT = new InputShape(8, 8, 3, 4);
  private static final ComponentSettings MODEL =
      new ComponentSettings("resnet-20", Map.of("width", 2));
  private static final double RATE = 0.05;
  private static final double RADIUS = 0.3;
  private static final int BATCH = 8;
  private static final int STEPS = 3;

  @ParameterizedTest
  @CsvSource({"sgd, true", "sgd, false", "nesterov, true", "lars, true"})
  void stepsAreThoseOfThePaper(String rule, boolean compiled) {
    Accelerator.Settings settings =
        compiled ? Accelerator.Settings.all() : Accelerator.Settings.none();
    float[] start = network().params().toFloatVector();
    float[] expected = byThePaper(rule, MODEL, 1, Accelerator.Settings.none());
    double way = distance(expected, start);
    assertThat(distance(trained(rule, RADIUS, STEPS, settings), expected) / way)
        .isLessThan(ROUNDING);
    assertThat(distance(trained(rule, 0, STEPS, settings), expected) / way)
        .as("plain gradients")
        .isGreaterThan(20 * ROUNDING);
  }

  @Test
  void theLossIsThatWhereTheParametersAre() {
    try (Session aware = session("sgd", RADIUS, Accelerator.Settings.all());
        Session plain = session("sgd", 0, Accelerator.Settings.all())) {
      assertThat(train(aware, 0)).isEqualTo(train(plain, 0));
      assertThat(train(aware, 1)).isNotEqualTo(train(plain, 1));
    }
  }

  @Test
  void runningStatisticsAreThoseOfTheFirstGradient() {
    float[] aware = trained("sgd", RADIUS, 1, Accelerator.Settings.all());
    float[] plain = trained("sgd", 0, 1, Accelerator.Settings.all());
    boolean[] learned = learned();
    int statistics = 0;
    for (int i = 0; i < learned.length; i++) {
      if (!learned[i]) {
        assertThat(aware[i]).isEqualTo(plain[i]);
        statistics++;
      }
    }
    assertThat(statistics).isPositive();
    assertThat(aware).isNotEqualTo(plain);
  }

  /** Masks follow from a step's key; those of the layers are not those of a compiled network. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bothGradientsOfAStepDropTheSameValues(boolean compiled) {
    Accelerator.Settings settings =
        compiled ? Accelerator.Settings.all() : Accelerator.Settings.none();
    ComponentSettings dropping =
        new ComponentSettings("resnet-20", Map.of("width", 2, "dropout", 0.5));
    float[] found;
    try (Session session =
        Accelerator.open(
            Job.training(Models.create(dropping, INPUT, 1), INPUT, optimizer("sgd", RADIUS), 1),
            settings)) {
      assertThat(session.hasDropout()).isTrue();
      for (int step = 0; step < STEPS; step++) {
        train(session, step);
      }
      found = session.parameters();
    }
    float[] start = network().params().toFloatVector();
    float[] expected = byThePaper("sgd", dropping, 1, settings);
    double way = distance(expected, start);
    assertThat(distance(found, expected) / way).isLessThan(ROUNDING);
    assertThat(distance(found, byThePaper("sgd", dropping, 2, settings)) / way)
        .as("other masks where the loss is highest")
        .isGreaterThan(20 * ROUNDING);
  }

  /**
   * As algorithm 1 has it.
   *
   * @param secondKey what the second gradient drops by; the first has 1
   */
  private static float[] byThePaper(
      String rule, ComponentSettings model, long secondKey, Accelerator.Settings settings) {
    ComputationGraph network = Models.create(model, INPUT, 1);
    boolean[] learned = learned();
    ParameterUpdate update = new ParameterUpdate(network, optimizer(rule, 0));
    try (Propagation propagation = Propagations.of(network, INPUT, settings)) {
      for (int step = 0; step < STEPS; step++) {
        double[] before = network.params().toDoubleVector();
        double[] first = gradient(propagation, network, step, 1);
        double squares = 0;
        for (int i = 0; i < first.length; i++) {
          squares += learned[i] ? first[i] * first[i] : 0;
        }
        double[] highest = before.clone();
        for (int i = 0; i < highest.length; i++) {
          highest[i] += learned[i] ? RADIUS * first[i] / Math.sqrt(squares) : 0;
        }
        network.params().assign(Nd4j.createFromArray(highest));
        propagation.parametersChanged();
        double[] second = gradient(propagation, network, step, secondKey);
        for (int i = 0; i < second.length; i++) {
          second[i] = learned[i] ? second[i] : first[i];
        }
        network.params().assign(Nd4j.createFromArray(before));
        network.getFlattenedGradients().assign(Nd4j.createFromArray(second));
        update.step(BATCH, StepRates.of(RATE), 0);
        propagation.parametersChanged();
      }
    }
    return network.params().toFloatVector();
  }

  private static double[] gradient(
      Propagation propagation, ComputationGraph network, int step, long key) {
    propagation.gradient(images(step), targets(step), BATCH, key);
    return network.getFlattenedGradients().toDoubleVector();
  }

  private static float[] trained(
      String rule, double radius, int steps, Accelerator.Settings settings) {
    try (Session session = session(rule, radius, settings)) {
      for (int step = 0; step < steps; step++) {
        train(session, step);
      }
      return session.parameters();
    }
  }

  private static Session session(String rule, double radius, Accelerator.Settings settings) {
    return Accelerator.open(Job.training(network(), INPUT, optimizer(rule, radius), 1), settings);
  }

  private static double train(Session session, int step) {
    return session.train(images(step), targets(step), BATCH, 1, StepRates.of(RATE));
  }

  private static ComputationGraph network() {
    return Models.create(MODEL, INPUT, 1);
  }

  /** Which values are not running statistics. */
  private static boolean[] learned() {
    ComputationGraph network = network();
    boolean[] learned = new boolean[Math.toIntExact(network.numParams())];
    for (Segment one : Segment.of(network)) {
      int from = (int) one.offset();
      Arrays.fill(learned, from, (int) (from + one.length()), one.kind() != Kind.RUNNING_STATISTIC);
    }
    return learned;
  }

  private static double distance(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - (double) other[i]) * (one[i] - (double) other[i]);
    }
    return Math.sqrt(sum);
  }

  private static OptimizerSettings optimizer(String rule, double radius) {
    return new OptimizerSettings(
        ComponentSettings.defaults(rule),
        RATE,
        new Regularization(0, 1e-3, 0, 0, 0),
        ComponentSettings.defaults("constant"),
        ComponentSettings.defaults("constant"),
        radius,
        LayerRates.ALIKE);
  }

  private static Images images(int step) {
    Random random = new Random(step);
    float[] values = new float[BATCH * INPUT.values()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Images.of(values);
  }

  private static Targets targets(int step) {
    int[] classes = new int[BATCH];
    for (int i = 0; i < BATCH; i++) {
      classes[i] = (i + step) % INPUT.classes();
    }
    return Targets.ofClasses(classes);
  }
}
