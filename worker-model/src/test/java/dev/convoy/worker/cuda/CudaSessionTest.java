package dev.convoy.worker.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.ImageShape;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.backend.StatisticsMeasurement;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.SmallModels;
import dev.convoy.worker.model.written.Layers;
import dev.convoy.worker.optimizer.GradientClips;
import dev.convoy.worker.optimizer.LayerNames;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.MaxNorm;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.Penalties;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.schedule.StepRates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on a simulated GPU beside the same on the CPU. */
class CudaSessionTest {
  private static final InputShape INPUT = new InputShape(8, 8, 3, 3);
  private static final ComponentSettings MODEL = SmallModels.narrow("resnet-9");
  private static final double RATE = 0.05;
  private static final int BATCH = 6;
  private static final int STEPS = 4;

  /** Of single precision, in a few steps of a network with batch normalisation. */
  private static final double ROUNDING = 2e-4;

  private static ComputationGraph network() {
    return Models.create(MODEL, INPUT, 1);
  }

  private static OptimizerSettings optimizer(ComponentSettings rule, Regularization bounds) {
    return PlainOptimizer.settings(rule, RATE, bounds, ComponentSettings.defaults("constant"));
  }

  private static OptimizerSettings optimizer(String rule) {
    return optimizer(ComponentSettings.defaults(rule), Regularization.none());
  }

  private static Regularization bounds(double l1, double proximal, double decay, double clip) {
    return new Regularization(
        new Penalties(l1, proximal, 5e-3, decay, 0, Penalties.Touched.WEIGHTS, LayerNames.ALL),
        new GradientClips(0, 0, 0, clip),
        new MaxNorm(0, LayerNames.ALL));
  }

  private static Images images(int step, int size) {
    byte[] pixels = new byte[size * INPUT.values()];
    new Random(step).nextBytes(pixels);
    return new Images.Pixels(
        pixels,
        new ImageShape(INPUT.height(), INPUT.width(), INPUT.channels()),
        Normalization.of(new float[] {0.4f, 0.5f, 0.6f}, new float[] {0.2f, 0.3f, 0.4f}));
  }

  private static Targets targets(int step, int size) {
    int[] classes = new int[size];
    for (int i = 0; i < size; i++) {
      classes[i] = (i + step) % INPUT.classes();
    }
    return Targets.ofClasses(classes);
  }

  private static StepRates rates(int step) {
    return new StepRates(RATE / (1 + step), OptionalDouble.empty(), step);
  }

  /** What training leaves. */
  private record Trained(List<Double> losses, float[] parameters, float[] state) {
    static Trained of(Session session) {
      List<Double> losses =
          Stream.iterate(0, step -> step < STEPS, step -> step + 1)
              .map(
                  step ->
                      session.train(
                          images(step, BATCH), targets(step, BATCH), BATCH, step, rates(step)))
              .toList();
      return new Trained(losses, session.parameters(), session.optimizerState());
    }

    void assertClose(Trained other) {
      for (int step = 0; step < STEPS; step++) {
        assertThat(losses.get(step)).isCloseTo(other.losses.get(step), within(ROUNDING));
      }
      CudaSessionTest.assertClose(parameters, other.parameters);
      CudaSessionTest.assertClose(state, other.state);
    }
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double distance = 0;
    double length = 0;
    for (int i = 0; i < actual.length; i++) {
      distance += Math.pow((double) actual[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    assertThat(Math.sqrt(distance)).isLessThanOrEqualTo(ROUNDING * Math.sqrt(length));
  }

  private static Session onGpu(SimulatedGpu gpu, OptimizerSettings optimizer) throws Exception {
    return gpu.backend(Precision.FLOAT32, false).open(Job.training(network(), INPUT, optimizer, 1));
  }

  private static Session onCpu(OptimizerSettings optimizer) {
    return Accelerator.open(
        Job.training(network(), INPUT, optimizer, 1), Accelerator.Settings.all());
  }

  static Stream<OptimizerSettings> optimizers() {
    return Stream.of(
        optimizer("sgd"),
        optimizer(new ComponentSettings("sgd", Map.of("momentum", 0.9)), bounds(0, 0, 0, 0.5)),
        optimizer(ComponentSettings.defaults("momentum"), bounds(1e-3, 0, 0, 0)),
        optimizer(ComponentSettings.defaults("nesterov"), bounds(0, 1e-2, 0, 0)),
        optimizer(ComponentSettings.defaults("adam"), bounds(0, 0, 0, 100)),
        optimizer(ComponentSettings.defaults("adamw"), bounds(0, 0, 0.05, 0)),
        optimizer("nesterov")
            .with(
                new LayerRates(
                    new LayerNames(List.of("conv1*")),
                    LayerNames.NONE,
                    0.8,
                    LayerRates.Unfreezing.AT_ONCE)),
        // Without kernels: the host takes the steps.
        optimizer("rmsprop"),
        optimizer("lars"));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void stepsAreThoseOfTheCpu(OptimizerSettings optimizer) throws Exception {
    try (Session gpu = onGpu(new SimulatedGpu(), optimizer);
        Session cpu = onCpu(optimizer)) {
      Trained.of(gpu).assertClose(Trained.of(cpu));
    }
  }

  /** A rule without arrays leaves the table of segments where its state would begin. */
  @Test
  void plainStepsPenalizeTheWeightsOfALayerWithABias() throws Exception {
    OptimizerSettings optimizer =
        optimizer(ComponentSettings.defaults("sgd"), bounds(0, 0, 0.5, 0));
    ComponentSettings model =
        Layers.network(
            Layers.layer("conv", "filters", 8, "activation", "relu"),
            Layers.layer("global-average-pool"));
    List<float[]> trained = new ArrayList<>();
    try (Session gpu =
            new SimulatedGpu()
                .backend(Precision.FLOAT32, false)
                .open(Job.training(Models.create(model, INPUT, 1), INPUT, optimizer, 1));
        Session cpu =
            Accelerator.open(
                Job.training(Models.create(model, INPUT, 1), INPUT, optimizer, 1),
                Accelerator.Settings.all())) {
      for (Session session : List.of(gpu, cpu)) {
        session.train(images(0, BATCH), targets(0, BATCH), BATCH, 0, rates(0));
        trained.add(session.parameters());
      }
    }
    assertClose(trained.get(0), trained.get(1));
  }

  @Test
  void waitingForTheDeviceTakesNoCore() throws Exception {
    SimulatedGpu gpu = new SimulatedGpu();
    try (Session session = onGpu(gpu, optimizer("nesterov"))) {
      session.train(images(0, 2), targets(0, 2), 2, 0, rates(0));
    }
    assertThat(gpu.machine().waitsBusily()).isFalse();
  }

  @Test
  void aLossThatIsNoNumberIsToldAsSuch() throws Exception {
    try (Session gpu = onGpu(new SimulatedGpu(), optimizer("sgd"))) {
      float[] parameters = gpu.parameters();
      Arrays.fill(parameters, Float.NaN);
      gpu.load(parameters, new float[0]);
      assertThat(gpu.train(images(0, BATCH), targets(0, BATCH), BATCH, 0, rates(0))).isNaN();
    }
  }

  @Test
  void queuedStepsAreTheSameToTheLastBit() throws Exception {
    try (Session waiting = onGpu(new SimulatedGpu(), optimizer("nesterov"));
        Session queued = onGpu(new SimulatedGpu(), optimizer("nesterov"))) {
      Trained expected = Trained.of(waiting);
      for (int step = 0; step < STEPS; step++) {
        Images images = images(step, BATCH);
        queued.queue(images, targets(step, BATCH), BATCH, step, rates(step));
        // Whoever queues may fill the arrays again.
        Arrays.fill(((Images.Pixels) images).values(), (byte) 0);
      }
      assertThat(queued.takeLossSum())
          .isCloseTo(
              BATCH * expected.losses().stream().mapToDouble(loss -> loss).sum(), within(1e-9));
      assertThat(queued.takeLossSum()).isZero();
      assertThat(queued.parameters()).isEqualTo(expected.parameters());
      assertThat(queued.optimizerState()).isEqualTo(expected.state());
    }
  }

  @Test
  void aMeasuredStepIsTheSameAndItsNormsAreThoseOfTheCpu() throws Exception {
    OptimizerSettings optimizer = optimizer("nesterov");
    try (Session plain = onGpu(new SimulatedGpu(), optimizer);
        Session gpu = onGpu(new SimulatedGpu(), optimizer);
        Session cpu = onCpu(optimizer)) {
      Images images = images(0, BATCH);
      plain.train(images, targets(0, BATCH), BATCH, 0, rates(0));
      Session.Measured actual = gpu.trainMeasured(images, targets(0, BATCH), BATCH, 0, rates(0));
      Session.Measured expected = cpu.trainMeasured(images, targets(0, BATCH), BATCH, 0, rates(0));
      assertThat(gpu.parameters()).isEqualTo(plain.parameters());
      assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-5));
      assertNorms(actual.norms().parameters(), expected.norms().parameters());
      assertNorms(actual.norms().gradients(), expected.norms().gradients());
      assertNorms(actual.norms().updates(), expected.norms().updates());
    }
  }

  private static void assertNorms(double[] actual, double[] expected) {
    double largest = Arrays.stream(expected).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(ROUNDING * largest));
    }
  }

  @Test
  void aGradientThatIsTakenElsewhereMakesTheSameStep() throws Exception {
    OptimizerSettings optimizer = optimizer("nesterov");
    try (Session gpu = onGpu(new SimulatedGpu(), optimizer);
        Session cpu = onCpu(optimizer)) {
      Images images = images(1, BATCH);
      Session.Gradient actual = gpu.gradient(images, targets(1, BATCH), BATCH, 1, rates(0));
      Session.Gradient expected = cpu.gradient(images, targets(1, BATCH), BATCH, 1, rates(0));
      assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-5));
      assertClose(actual.values(), expected.values());
      gpu.step(expected.values(), rates(0), 1);
      cpu.step(expected.values(), rates(0), 1);
      assertClose(gpu.parameters(), cpu.parameters());
    }
  }

  @Test
  void whatIsLoadedIsThereAndGoesOnAlike() throws Exception {
    OptimizerSettings optimizer = optimizer("adam");
    try (Session first = onGpu(new SimulatedGpu(), optimizer);
        Session second = onGpu(new SimulatedGpu(), optimizer)) {
      Trained.of(first);
      float[] parameters = first.parameters();
      float[] state = first.optimizerState();
      assertThat(state).hasSize(first.optimizerStateLength());
      second.load(parameters, state);
      assertThat(second.parameters()).isEqualTo(parameters);
      assertThat(second.optimizerState()).isEqualTo(state);
      assertThat(Trained.of(second).parameters()).isEqualTo(Trained.of(first).parameters());
      second.load(parameters, new float[0]);
      assertThat(second.optimizerState()).containsOnly(0);
    }
  }

  @Test
  void runningStatisticsAreMeasuredAsByTheCpu() throws Exception {
    OptimizerSettings optimizer = optimizer("nesterov");
    try (Session gpu = onGpu(new SimulatedGpu(), optimizer);
        Session cpu = onCpu(optimizer)) {
      for (Session session : List.of(gpu, cpu)) {
        StatisticsMeasurement measurement = session.measureStatistics().orElseThrow();
        measurement.add(images(1, BATCH), BATCH, 1);
        measurement.add(images(2, 4), 4, 2);
        measurement.assign();
      }
      assertClose(gpu.parameters(), cpu.parameters());
      assertClose(gpu.probabilities(images(3, 5), 5), cpu.probabilities(images(3, 5), 5));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 300})
  void answersAreThoseOfTheCpuForAnyNumberOfImages(int size) throws Exception {
    try (Session gpu = onGpu(new SimulatedGpu(), optimizer("sgd"));
        Session cpu = onCpu(optimizer("sgd"))) {
      assertClose(
          gpu.probabilities(images(1, size), size), cpu.probabilities(images(1, size), size));
      assertClose(gpu.outputs(images(1, size), size), cpu.outputs(images(1, size), size));
    }
  }

  @Test
  void distributionsAndWeightsOfImagesCount() throws Exception {
    float[] distributions = new float[BATCH * INPUT.classes()];
    Random random = new Random(4);
    for (int i = 0; i < BATCH; i++) {
      float share = random.nextFloat();
      distributions[i * INPUT.classes()] = share;
      distributions[i * INPUT.classes() + 1] = 1 - share;
    }
    Targets targets =
        Targets.ofDistributions(distributions, INPUT.classes())
            .weighted(new float[] {1, 0.5f, 2, 0, 1, 3});
    try (Session gpu = onGpu(new SimulatedGpu(), optimizer("sgd"));
        Session cpu = onCpu(optimizer("sgd"))) {
      for (Targets wanted : List.of(targets, targets(1, BATCH), targets, targets)) {
        double expected = cpu.train(images(1, BATCH), wanted, BATCH, 1, rates(0));
        assertThat(gpu.train(images(1, BATCH), wanted, BATCH, 1, rates(0)))
            .isCloseTo(expected, within(ROUNDING));
      }
      assertClose(gpu.parameters(), cpu.parameters());
    }
  }
}
