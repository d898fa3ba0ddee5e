package dev.convoy.worker.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.ImageShape;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.Shard;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.initialization.Initializations;
import dev.convoy.worker.optimizer.HostVector;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import dev.convoy.worker.optimizer.PlainOptimizer;
import dev.convoy.worker.optimizer.Segment;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DataInitializationTest {
  private static final InputShape INPUT = new InputShape(12, 12, 3, 4);
  private static final int BATCH = 16;
  private static final long SEED = 5;
  private static final Shard SHARD =
      new NoisyImages(BATCH, INPUT.classes(), new ImageShape(12, 12, 3)).shard();
  private static final Normalization NORMALIZATION = Normalization.of(SHARD.statistics());

  /** Of single precision, over a few hundred sums behind one another. */
  private static final double ROUNDING = 1e-4;

  private static final int DEPTH = 8;
  private static final ComponentSettings DEEP = perceptron("none", 0);

  @AfterAll
  static void close() {
    SHARD.close();
  }

  private static ComponentSettings perceptron(String normalization, double dropout) {
    return new ComponentSettings(
        "mlp",
        Map.of(
            "hidden",
            IntStream.range(0, DEPTH).mapToObj(i -> 24).toList(),
            "activation",
            "tanh",
            "dropout",
            dropout,
            "normalization",
            normalization));
  }

  static List<ComponentSettings> convolutions() {
    return List.of(
        new ComponentSettings("plain-20", Map.of("width", 4, "normalization", "none")),
        new ComponentSettings("plain-20", Map.of("width", 4, "normalization", "weight")),
        new ComponentSettings("plain-20", Map.of("width", 4)),
        new ComponentSettings("resnet-20", Map.of("width", 4)));
  }

  private static WorkerSettings settings(ComponentSettings model, ComponentSettings on) {
    return new WorkerSettings(
        SEED,
        model,
        Losses.DEFAULT,
        INPUT,
        PlainOptimizer.settings(
            ComponentSettings.defaults("sgd"),
            0.02,
            Regularization.none(),
            ComponentSettings.defaults("constant")),
        List.of(),
        new WorkerSettings.Batches(BATCH, 1, 1, 1),
        Accelerator.Settings.all(),
        on);
  }

  private static WorkerSettings settings(ComponentSettings model, String on) {
    return settings(model, ComponentSettings.defaults(on));
  }

  private static InitializedParameters initialized(WorkerSettings settings, List<String> kept) {
    float[] drawn = LocalTrainer.initialParameters(settings);
    try (LocalTrainer replica = LocalTrainer.undrawn(settings)) {
      return replica.initializeOnData(0, SHARD, NORMALIZATION, drawn, kept);
    }
  }

  /** The images in the order of the shard; all of them are the batch, whose order is another. */
  private static INDArray images() {
    int[] order = IntStream.range(0, BATCH).toArray();
    float[] pixels = new float[BATCH * INPUT.values()];
    try (BatchPipeline batches = new BatchPipeline(SHARD, order, 0, BATCH, BATCH)) {
      Batch batch = batches.next();
      batch.images(NORMALIZATION).write(0, BATCH, FloatBuffer.wrap(pixels));
    }
    return Nd4j.create(pixels, new long[] {BATCH, 3, 12, 12}, 'c');
  }

  /** What convolutions give, which have no function of their own, with batch statistics. */
  private static Map<String, INDArray> ofConvolutions(WorkerSettings settings, float[] parameters) {
    ComputationGraph network = Models.undrawn(settings.model(), settings.loss(), settings.input());
    HostVector.set(network.params(), parameters);
    Map<String, INDArray> values = network.feedForward(images(), true);
    return Arrays.stream(network.getLayers())
        .filter(layer -> layer.conf().getLayer() instanceof ConvolutionLayer)
        .map(DataInitializationTest::name)
        .collect(Collectors.toMap(Function.identity(), values::get));
  }

  private static String name(Layer layer) {
    return layer.conf().getLayer().getLayerName();
  }

  private static double[] values(INDArray array) {
    return array.dup('c').data().asDouble();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
  }

  /** The value of a unit for all images, everywhere in them. */
  private static double[] unit(INDArray output, int unit) {
    return values(output.slice(unit, 1));
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void behindEveryConvolutionOfADeepNetworkTheVarianceIsOne(ComponentSettings model) {
    WorkerSettings settings = settings(model, "lsuv");
    InitializedParameters found = initialized(settings, List.of());
    assertThat(found.left()).isEmpty();
    Map<String, INDArray> outputs = ofConvolutions(settings, found.parameters());
    assertThat(outputs).hasSizeGreaterThan(18);
    outputs.forEach(
        (layer, output) ->
            assertThat(variance(values(output))).as(layer).isEqualTo(1, within(0.1)));
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void everyUnitOfADeepNetworkHasMeanZeroAndVarianceOne(ComponentSettings model) {
    WorkerSettings settings = settings(model, "weight-normalization");
    InitializedParameters found = initialized(settings, List.of());
    assertThat(found.left()).isEmpty();
    boolean isBiased = model.options().containsKey("normalization");
    Map<String, INDArray> outputs = ofConvolutions(settings, found.parameters());
    assertThat(outputs).hasSizeGreaterThan(18);
    outputs.forEach(
        (layer, output) -> {
          for (int unit = 0; unit < output.size(1); unit++) {
            double[] values = unit(output, unit);
            assertThat(variance(values)).as(layer).isEqualTo(1, within(ROUNDING));
            if (isBiased) {
              assertThat(mean(values)).as(layer).isEqualTo(0, within(ROUNDING));
            }
          }
        });
  }

  /** A network of tanh units in double precision, layer by layer. */
  private static final class Formula {
    private final List<Segment> segments;
    private final float[] parameters;
    private double[][] inputs;

    Formula(WorkerSettings settings, float[] parameters) {
      this.segments =
          Segment.of(Models.undrawn(settings.model(), settings.loss(), settings.input()));
      this.parameters = parameters;
      double[] pixels = values(images());
      this.inputs =
          IntStream.range(0, BATCH)
              .mapToObj(
                  i -> Arrays.copyOfRange(pixels, i * INPUT.values(), (i + 1) * INPUT.values()))
              .toArray(double[][]::new);
    }

    List<String> layers() {
      return segments.stream().map(Segment::layer).distinct().toList();
    }

    private double[] array(String layer, String parameter) {
      Segment segment =
          segments.stream()
              .filter(one -> one.layer().equals(layer) && one.parameter().equals(parameter))
              .findFirst()
              .orElseThrow();
      return IntStream.range(0, (int) segment.length())
          .mapToDouble(i -> parameters[(int) segment.offset() + i])
          .toArray();
    }

    /** Column by column, so that the weights into a unit lie one after the other. */
    double[] weights(String layer) {
      return array(layer, "W");
    }

    double[] biases(String layer) {
      return array(layer, "b");
    }

    /** Axes [unit, image]. */
    double[][] sums(double[] weights) {
      int in = inputs[0].length;
      double[][] sums = new double[weights.length / in][BATCH];
      for (int unit = 0; unit < sums.length; unit++) {
        for (int image = 0; image < BATCH; image++) {
          for (int i = 0; i < in; i++) {
            sums[unit][image] += weights[unit * in + i] * inputs[image][i];
          }
        }
      }
      return sums;
    }

    void goOn(double[][] sums, DoubleUnaryOperator function) {
      inputs =
          IntStream.range(0, BATCH)
              .mapToObj(
                  image ->
                      Arrays.stream(sums)
                          .mapToDouble(unit -> function.applyAsDouble(unit[image]))
                          .toArray())
              .toArray(double[][]::new);
    }
  }

  /** Mishkin and Matas, algorithm 1. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5})
  void lsuvIsItsFormulaOnAPerceptronWhateverIsDroppedInTraining(double dropout) {
    WorkerSettings settings = settings(perceptron("none", dropout), "lsuv");
    Formula found = new Formula(settings, initialized(settings, List.of()).parameters());
    float[] orthonormal =
        HostVector.copy(
            Models.create(
                    settings.model(),
                    settings.loss(),
                    INPUT,
                    KeyedRandom.key(SEED, Purpose.INITIALIZATION),
                    Initializations.FAMILY.create(ComponentSettings.defaults("orthogonal")))
                .params());
    Formula formula = new Formula(settings, orthonormal);
    int scaled = 0;
    for (String layer : formula.layers()) {
      double[] weights = formula.weights(layer);
      double variance = variance(flat(formula.sums(weights)));
      for (int i = 0; i < 10 && Math.abs(variance - 1) >= 0.1; i++) {
        double deviation = Math.sqrt(variance);
        weights = Arrays.stream(weights).map(weight -> weight / deviation).toArray();
        variance = variance(flat(formula.sums(weights)));
        scaled++;
      }
      assertThat(variance).as(layer).isEqualTo(1, within(0.1));
      assertThat(found.weights(layer)).as(layer).containsExactly(weights, within(ROUNDING));
      assertThat(found.biases(layer)).as(layer).containsOnly(0);
      formula.goOn(formula.sums(weights), Math::tanh);
    }
    assertThat(scaled).isGreaterThan(DEPTH / 2);
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Salimans and Kingma, section 3. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "weight"})
  void weightNormalizationIsItsFormulaOnAPerceptron(String normalization) {
    WorkerSettings settings = settings(perceptron(normalization, 0), "weight-normalization");
    Formula found = new Formula(settings, initialized(settings, List.of()).parameters());
    Formula formula = new Formula(settings, LocalTrainer.initialParameters(settings));
    for (String layer : formula.layers()) {
      double[] weights = formula.weights(layer);
      int units = formula.biases(layer).length;
      int in = weights.length / units;
      double[] expected = new double[weights.length];
      double[] lengths = new double[units];
      double[] biases = new double[units];
      for (int unit = 0; unit < units; unit++) {
        double[] direction = Arrays.copyOfRange(weights, unit * in, (unit + 1) * in);
        double norm = Math.sqrt(Arrays.stream(direction).map(x -> x * x).sum());
        double[] unitLength = Arrays.stream(direction).map(x -> x / norm).toArray();
        double[] t = formula.sums(unitLength)[0];
        lengths[unit] = 1 / Math.sqrt(variance(t));
        biases[unit] = -mean(t) * lengths[unit];
        for (int i = 0; i < in; i++) {
          expected[unit * in + i] = lengths[unit] * unitLength[i];
        }
      }
      assertThat(found.biases(layer)).as(layer).containsExactly(biases, within(ROUNDING));
      if (normalization.equals("weight") && !layer.equals("output")) {
        assertThat(found.array(layer, "gamma")).containsExactly(lengths, within(ROUNDING));
        assertThat(found.weights(layer)).isEqualTo(weights);
      } else {
        assertThat(found.weights(layer)).as(layer).containsExactly(expected, within(ROUNDING));
      }
      double[][] sums = formula.sums(expected);
      for (int unit = 0; unit < units; unit++) {
        double bias = biases[unit];
        sums[unit] = Arrays.stream(sums[unit]).map(sum -> sum + bias).toArray();
      }
      formula.goOn(sums, Math::tanh);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lsuv", "weight-normalization"})
  void everyReplicaGivesTheSameBits(String on) {
    WorkerSettings settings =
        settings(new ComponentSettings("resnet-20", Map.of("width", 4, "dropout", 0.5)), on);
    float[] once = initialized(settings, List.of()).parameters();
    Nd4j.getRandom().setSeed(99); // what another task on the thread may have left
    assertThat(initialized(settings, List.of()).parameters()).isEqualTo(once);
    assertThat(once).isNotEqualTo(LocalTrainer.initialParameters(settings));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lsuv", "weight-normalization"})
  void layersThatAreKeptStayAsTheyAre(String on) {
    WorkerSettings settings = settings(DEEP, on);
    Formula drawn = new Formula(settings, LocalTrainer.initialParameters(settings));
    List<String> kept = List.of("dense1", "dense3");
    Formula found = new Formula(settings, initialized(settings, kept).parameters());
    for (String layer : drawn.layers()) {
      assertThat(Arrays.equals(found.weights(layer), drawn.weights(layer)))
          .as(layer)
          .isEqualTo(kept.contains(layer));
    }
  }

  /** Rectified units of such a bias that all of them are 0: nothing comes through. */
  @ParameterizedTest
  @ValueSource(strings = {"lsuv", "weight-normalization"})
  void aLayerThatGivesTheSameForAllImagesIsSaidAndLeft(String on) {
    WorkerSettings settings =
        settings(
            new ComponentSettings("mlp", Map.of("hidden", List.of(5, 4), "activation", "step")),
            on);
    float[] drawn = LocalTrainer.initialParameters(settings);
    List<Segment> segments =
        Segment.of(Models.undrawn(settings.model(), settings.loss(), settings.input()));
    for (Segment segment : segments) {
      if (segment.layer().equals("dense1")) {
        float value = segment.parameter().equals("b") ? -100 : 0;
        Arrays.fill(
            drawn, (int) segment.offset(), (int) (segment.offset() + segment.length()), value);
      }
    }
    InitializedParameters found;
    try (LocalTrainer replica = LocalTrainer.undrawn(settings)) {
      found = replica.initializeOnData(0, SHARD, NORMALIZATION, drawn, List.of("dense1"));
    }
    assertThat(found.left())
        .hasSize(2)
        .allMatch(reason -> reason.matches("(dense2|output) .*gives? the same for all images"));
    if (on.equals("weight-normalization")) {
      assertThat(found.parameters()).isEqualTo(drawn);
    }
  }

  @Test
  void offIsTheOnlyMemberThatIsOff() {
    assertThat(DataInitializations.FAMILY.names())
        .filteredOn(name -> !DataInitializations.isOn(ComponentSettings.defaults(name)))
        .containsExactly("off");
  }

  @Test
  void aTighterToleranceIsReached() {
    ComponentSettings tight = new ComponentSettings("lsuv", Map.of("tolerance", 1e-4));
    WorkerSettings settings = settings(DEEP, tight);
    Formula found = new Formula(settings, initialized(settings, List.of()).parameters());
    for (String layer : found.layers()) {
      double[][] sums = found.sums(found.weights(layer));
      assertThat(variance(flat(sums))).as(layer).isEqualTo(1, within(2 * ROUNDING));
      found.goOn(sums, Math::tanh);
    }
  }
}
