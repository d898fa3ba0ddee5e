package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.LayerRates.Unfreezing;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.schedule.StepRates;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A step that is taken segment by segment, beside one of the whole vector. */
class SegmentStepsTest {
  private static final double RATE = 0.05;
  private static final int BATCH = 3;
  private static final int STEPS = 3;
  private static final Penalties PENALTIES =
      new Penalties(0.01, 0.02, 0.02, 0.03, 0.04, Penalties.Touched.ALL, LayerNames.ALL);

  static Stream<String> rules() {
    return Optimizers.FAMILY.members().stream().map(Component::name);
  }

  private static ComputationGraph network() {
    return Models.create(
        new ComponentSettings("resnet-20", Map.of("width", 2)), new InputShape(8, 8, 3, 4), 1);
  }

  private static OptimizerSettings settings(String rule, Regularization regularization) {
    return PlainOptimizer.settings(
        ComponentSettings.defaults(rule),
        RATE,
        regularization,
        ComponentSettings.defaults("constant"));
  }

  private static Regularization regularization(GradientClips clips, Noise noise) {
    return new Regularization(PENALTIES, clips, new MaxNorm(0.4, LayerNames.ALL), noise);
  }

  /** What is known of both ways after some steps. */
  private record Result(float[] parameters, float[] state, List<StepNorms> norms) {}

  private static float[] gradient(ComputationGraph network, Predicate<Segment> isZero, long seed) {
    float[] gradient = new float[Math.toIntExact(network.numParams())];
    Random random = new Random(seed);
    for (Segment segment : Segment.of(network)) {
      for (int i = 0; i < segment.length(); i++) {
        float value = (float) random.nextGaussian();
        gradient[Math.toIntExact(segment.offset() + i)] = isZero.test(segment) ? 0 : value;
      }
    }
    return gradient;
  }

  private static Result whole(OptimizerSettings settings, Predicate<Segment> isZero) {
    ComputationGraph network = network();
    ParameterUpdate update = new ParameterUpdate(network, settings);
    List<StepNorms> norms = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      HostVector.set(HostVector.gradients(network), gradient(network, isZero, step));
      norms.add(update.measuredStep(BATCH, StepRates.of(RATE), 0));
    }
    return new Result(HostVector.copy(network.params()), update.state(), norms);
  }

  private static Result bySegment(
      OptimizerSettings settings, Predicate<Segment> isLeftOut, boolean isMeasured) {
    ComputationGraph network = network();
    ParameterUpdate update = new ParameterUpdate(network, settings);
    List<Segment> segments = new ArrayList<>(Segment.of(network));
    List<StepNorms> norms = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      float[] gradient = gradient(network, isLeftOut, step);
      SegmentSteps steps = update.begin(BATCH, StepRates.of(RATE), isMeasured);
      Collections.shuffle(segments, new Random(step));
      for (Segment segment : segments) {
        if (!isLeftOut.test(segment)) {
          try (FloatPointer values = new FloatPointer(segment.length())) {
            values.put(
                gradient, Math.toIntExact(segment.offset()), Math.toIntExact(segment.length()));
            steps.take(segment.layer(), segment.parameter(), values);
          }
        }
      }
      steps.finish().ifPresent(norms::add);
    }
    assertThat(network.getFlattenedGradients()).as("a vector of all gradients").isNull();
    return new Result(HostVector.copy(network.params()), update.state(), norms);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void stepsHaveTheBitsOfTheWholeVector(String rule) {
    OptimizerSettings settings = settings(rule, regularization(GradientClips.NONE, Noise.NONE));
    Result whole = whole(settings, segment -> false);
    Result measured = bySegment(settings, segment -> false, true);
    assertThat(measured).usingRecursiveComparison().isEqualTo(whole);
    Result unmeasured = bySegment(settings, segment -> false, false);
    assertThat(unmeasured.parameters()).isEqualTo(whole.parameters());
    assertThat(unmeasured.state()).isEqualTo(whole.state());
    assertThat(unmeasured.norms()).isEmpty();
  }

  @Test
  void layersThatDoNotLearnStayAsTheyAre() {
    OptimizerSettings settings =
        settings("nesterov", regularization(GradientClips.NONE, Noise.NONE))
            .with(
                new LayerRates(
                    new LayerNames(List.of("*conv*", "stem*")),
                    LayerNames.NONE,
                    1,
                    Unfreezing.AT_ONCE));
    Result whole = whole(settings, segment -> false);
    assertThat(whole.parameters()).isNotEqualTo(HostVector.copy(network().params()));
    assertThat(bySegment(settings, segment -> false, true))
        .usingRecursiveComparison()
        .isEqualTo(whole);
  }

  @Test
  void whatNoGradientComesForHasOneOfZeros() {
    OptimizerSettings settings = settings("adam", regularization(GradientClips.NONE, Noise.NONE));
    Predicate<Segment> some = segment -> segment.depth() == 2;
    assertThat(Segment.of(network())).anyMatch(some);
    assertThat(bySegment(settings, some, true))
        .usingRecursiveComparison()
        .isEqualTo(whole(settings, some));
  }

  @Test
  void whatLooksAtAllGradientsOrDisturbsThemIsNotBySegment() {
    assertThat(settings("adam", regularization(GradientClips.NONE, Noise.NONE)).stepsBySegment())
        .isTrue();
    Stream.of(
            new GradientClips(1, 0, 0, 0),
            new GradientClips(0, 1, 0, 0),
            new GradientClips(0, 0, 1, 0),
            new GradientClips(0, 0, 0, 1))
        .map(clips -> settings("adam", regularization(clips, Noise.NONE)))
        .forEach(settings -> assertThat(settings.stepsBySegment()).isFalse());
    Stream.of(new Noise(1, 0.55, 0), new Noise(0, 0.55, 1))
        .map(noise -> settings("adam", regularization(GradientClips.NONE, noise)))
        .forEach(settings -> assertThat(settings.stepsBySegment()).isFalse());
  }
}
