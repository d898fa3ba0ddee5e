package dev.convoy.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class ModelsTest {
  private static final InputShape DIGITS = new InputShape(28, 28, 1, 10);
  private static final InputShape COLOUR = new InputShape(32, 32, 3, 10);
  private static final InputShape SMALL = new InputShape(13, 14, 3, 5);

  /** Ten float probabilities, each rounded to 6e-8. */
  private static final float SUM_OF_PROBABILITIES = 1e-5f;

  static List<String> names() {
    return SmallModels.representatives();
  }

  @Test
  void everyModelHasItsNameFromThePapers() {
    assertThat(Models.FAMILY.names())
        .contains("linear", "perceptron", "mlp", "lenet-5", "alexnet", "googlenet", "resnet-9")
        .contains("vgg-11", "vgg-13", "vgg-16", "vgg-19", "inception-v4", "inception-resnet-v2")
        .contains("resnet-18", "resnet-34", "resnet-50", "resnet-101", "resnet-152")
        .contains("resnet-20", "resnet-32", "resnet-44", "resnet-56", "resnet-110", "resnet-1202")
        .contains("plain-20", "plain-32", "plain-44", "plain-56", "plain-110")
        .contains("resnext-50", "resnext-101", "wide-resnet-50-2", "wide-resnet-28-10")
        .contains("densenet-121", "densenet-161", "densenet-169", "densenet-201", "densenet-264")
        .contains("densenet-bc-40-12", "densenet-bc-100-12", "densenet-bc-190-40");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet-5", "lenet-5-1998"})
  void leNetHasTheParametersOfTheTextbook(String name) {
    long textbook =
        (5 * 5 * 6 + 6)
            + (5 * 5 * 6 * 16 + 16)
            + (16 * 5 * 5 * 120 + 120)
            + (120 * 84 + 84)
            + (84 * 10 + 10);
    assertThat(textbook).isEqualTo(61_706);
    assertThat(parameters(ComponentSettings.defaults(name), DIGITS)).isEqualTo(textbook);
  }

  @Test
  void theSizesOfLeNetCanBeSet() {
    var wide =
        new ComponentSettings(
            "lenet-5", Map.of("filters", List.of(20, 50), "hidden", List.of(500)));
    assertThat(parameters(wide, DIGITS))
        .isEqualTo((25 * 20 + 20) + (25 * 20 * 50 + 50) + (50 * 25 * 500 + 500) + (500 * 10 + 10));
  }

  @Test
  void theLinearModelAndThePerceptronHaveOneWeightPerPairOfUnits() {
    for (String name : List.of("linear", "perceptron")) {
      assertThat(parameters(ComponentSettings.defaults(name), DIGITS)).isEqualTo(784 * 10 + 10);
    }
    assertThat(parameters(ComponentSettings.defaults("mlp"), DIGITS))
        .isEqualTo((784 * 256 + 256) + (256 * 128 + 128) + (128 * 10 + 10));
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet-20", "densenet-bc-40-12"})
  void layersHaveTheSameNamesWhereDigitsAreOthers(String name) {
    List<String> layers = layers(name);
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("fa-IR-u-nu-arabext"));
    try {
      assertThat(layers(name)).isEqualTo(layers).anyMatch(layer -> layer.contains("1"));
    } finally {
      Locale.setDefault(before);
    }
  }

  private static List<String> layers(String name) {
    ComputationGraph network = Models.create(ComponentSettings.defaults(name), COLOUR, 1);
    return List.copyOf(network.getConfiguration().getVertices().keySet());
  }

  @ParameterizedTest
  @CsvSource({"resnet-20,3,16", "resnet-32,5,16", "resnet-110,18,16", "resnet-20,3,8"})
  void residualNetworksHaveTheParametersOfThePaper(String name, int blocks, int width) {
    long middle = 2L * width;
    long wide = 4L * width;
    long convolutions =
        9L * 3 * width
            + blocks * 2L * 9 * width * width
            + (9L * width * middle + width * middle)
            + (2L * blocks - 1) * 9 * middle * middle
            + (9L * middle * wide + middle * wide)
            + (2L * blocks - 1) * 9 * wide * wide;
    // One after every convolution, the two projections included.
    long normalised = width + 2L * blocks * width + (2L * blocks + 1) * (middle + wide);
    long softmax = wide * 10 + 10;
    long learned = convolutions + 2 * normalised + softmax;
    if (name.equals("resnet-20") && width == 16) {
      assertThat(learned).isEqualTo(272_474); // as counted elsewhere for option B
    }
    long runningStatistics = 2 * normalised; // which Deeplearning4j counts among the parameters
    assertThat(parameters(new ComponentSettings(name, Map.of("width", width)), COLOUR))
        .isEqualTo(learned + runningStatistics);
  }

  @ParameterizedTest
  @CsvSource({"densenet-bc-100-12,16,12", "densenet-bc-40-12,6,12", "densenet-bc-40-12,6,5"})
  void denselyConnectedNetworksHaveTheParametersOfThePaper(String name, int layers, int growth) {
    long k = growth;
    long channels = 2 * k;
    long weights = 9 * 3 * channels;
    long normalised = 0;
    for (int block = 1; block <= 3; block++) {
      for (int layer = 0; layer < layers; layer++) {
        weights += channels * 4 * k + 9 * 4 * k * k;
        normalised += channels + 4 * k;
        channels += k;
      }
      normalised += channels;
      if (block < 3) {
        weights += channels * (channels / 2);
        channels /= 2;
      }
    }
    long learned = weights + 2 * normalised + channels * 10 + 10;
    if (layers == 16) {
      assertThat(learned).isEqualTo(769_162); // 0.8 million in the paper's table 2
    }
    assertThat(parameters(new ComponentSettings(name, Map.of("growth", growth)), COLOUR))
        .isEqualTo(learned + 2 * normalised);
  }

  @ParameterizedTest
  @CsvSource({"64,32", "32,32", "8,64"})
  void smallVggHasTheConvolutionsOfConfigurationA(int width, int side) {
    long w = width;
    long convolutions =
        9 * (3 * w + w * 2 * w + 2 * w * 4 * w + 4 * w * 4 * w + 4 * w * 8 * w + 3 * 8 * w * 8 * w);
    long normalised = w + 2 * w + 2 * 4 * w + 4 * 8 * w;
    long last = side / 32;
    long features = last * last * 8 * w;
    long softmax = features * 10 + 10;
    long runningStatistics = 2 * normalised;
    long learned = convolutions + 2 * normalised + softmax;
    if (width == 64 && side == 32) {
      assertThat(learned).isEqualTo(9_228_362); // as counted elsewhere, without convolution biases
    }
    var input = new InputShape(side, side, 3, 10);
    Map<String, Object> small =
        Map.of("width", width, "hidden", List.of(), "normalization", "batch");
    assertThat(parameters(new ComponentSettings("vgg-11", small), input))
        .isEqualTo(learned + runningStatistics);
  }

  /** Networks whose convolutions can be normalised, with all orders of the normalisations. */
  static Stream<ComponentSettings> normalised() {
    return names().stream()
        .filter(name -> !name.equals("mlp")) // it has no convolutions
        .filter(name -> has(name, "normalization"))
        .flatMap(
            name ->
                has(name, "version")
                    ? Stream.of("1", "2")
                        .map(version -> SmallModels.narrow(name, Map.of("version", version)))
                    : Stream.of(SmallModels.narrow(name)));
  }

  private static boolean has(String name, String option) {
    return Models.FAMILY.member(name).option(option).isPresent();
  }

  @ParameterizedTest
  @MethodSource("normalised")
  void everyConvolutionHasABiasWhereNoNormalisationShifts(ComponentSettings network) {
    for (String normalization : List.of("none", "weight", "local-response")) {
      assertThat(biases(network, normalization)).as(normalization).containsOnly(true);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"densenet-bc-40-12", "densenet-121", "wide-resnet-16-4"})
  void noConvolutionHasABiasWhereANormalisationShifts(String name) {
    for (String normalization : List.of("batch", "group", "layer", "instance")) {
      assertThat(biases(SmallModels.narrow(name), normalization))
          .as(normalization)
          .containsOnly(false);
    }
  }

  /** Whether each convolution has a bias. */
  private static List<Boolean> biases(ComponentSettings network, String normalization) {
    Map<String, Object> options = new HashMap<>(network.options());
    options.put("normalization", normalization);
    return Models.configuration(
            new ComponentSettings(network.name(), options), oddImages(network.name()))
        .getVertices()
        .values()
        .stream()
        .filter(LayerVertex.class::isInstance)
        .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer())
        .filter(ConvolutionLayer.class::isInstance)
        .map(layer -> ((ConvolutionLayer) layer).hasBias())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyModelGivesProbabilitiesForAnyImageSize(String name) {
    InputShape input = oddImages(name);
    ComputationGraph network = Models.create(SmallModels.narrow(name), input, 1);
    assertThat(network.getConfiguration().getNetworkInputs()).containsExactly("input");
    assertThat(network.getConfiguration().getNetworkOutputs()).startsWith("output");
    INDArray output = network.output(batch(1, 3, input).getFeatures())[0];
    assertThat(output.shape()).containsExactly(3, input.classes());
    assertThat(output.minNumber().floatValue()).isNotNegative();
    for (float sum : output.sum(1).toFloatVector()) {
      assertThat(sum).isCloseTo(1f, within(SUM_OF_PROBABILITIES));
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void theSameSeedGivesTheSameBitsOnAnyThread(String name) throws Exception {
    float[] here = initial(name, 7);
    Nd4j.getRandom().setSeed(123); // whatever the thread did before
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      assertThat(other.submit(() -> initial(name, 7)).get()).isEqualTo(here);
      assertThat(initial(name, 7)).isEqualTo(here);
      assertThat(initial(name, 8)).isNotEqualTo(here);
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void weightsAreDrawnWithTheVarianceOfHe() {
    ComputationGraph network = Models.create(ComponentSettings.defaults("resnet-20"), COLOUR, 3);
    INDArray weights = network.getParam("stage3-block2-first-conv_W");
    double expected = Math.sqrt(2.0 / (64 * 9));
    // 36,864 draws: the sample's deviation is within 0.4 % in two cases of three.
    assertThat(weights.stdNumber().doubleValue()).isCloseTo(expected, within(0.02 * expected));
    assertThat(weights.meanNumber().doubleValue()).isCloseTo(0, within(0.02 * expected));
    assertThat(network.getParam("stem-norm_gamma").minNumber().doubleValue()).isEqualTo(1);
    assertThat(network.getParam("output_b").amaxNumber().doubleValue()).isZero();
  }

  @Test
  void parametersWithEqualShapesAreDrawnApart() {
    ComputationGraph network = Models.create(ComponentSettings.defaults("resnet-20"), COLOUR, 3);
    assertThat(network.getParam("stage1-block1-first-conv_W"))
        .isNotEqualTo(network.getParam("stage1-block2-first-conv_W"));
  }

  @Test
  void dropoutIsGivenAsTheShareThatIsDropped() {
    var settings = new ComponentSettings("mlp", Map.of("dropout", 0.2));
    ComputationGraph network = Models.create(settings, SMALL, 1);
    assertThat(((BaseLayer) network.getLayer("dense1").conf().getLayer()).getIDropout()).isNull();
    for (String name : List.of("dense2", "output")) {
      var dropout = ((BaseLayer) network.getLayer(name).conf().getLayer()).getIDropout();
      assertThat(dropout).isEqualTo(new Dropout(0.8)); // the probability of keeping a value
    }
  }

  @Test
  void badOptionsAreDescribedInWordsAndAllAtOnce() {
    var settings =
        new ComponentSettings(
            "lenet-5", Map.of("filters", List.of(6), "hidden", "120", "dropout", 1.0, "widht", 3));
    assertThat(Models.FAMILY.problems(settings).stream().map(Problem::toString))
        .containsExactly(
            "widht = 3: expected an option of lenet-5 (filters, hidden, dropout, initialization)",
            "filters = [6]: expected a list of exactly 2 elements, each a whole number from 1 to"
                + " 65536",
            "hidden = 120: expected a list of a whole number from 1 to 65536",
            "dropout = 1.0: expected a number in [0, 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Models.create(settings, DIGITS, 1))
        .withMessageStartingWith("Cannot make model lenet-5: widht = 3: expected an option");
  }

  @Test
  void imagesThatAreTooSmallAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Models.create(
                    ComponentSettings.defaults("lenet-5"), new InputShape(8, 28, 1, 10), 1))
        .withMessage(
            "Cannot make model lenet-5: expected images of at least 12 × 12 pixels, found 8 × 28.");
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyModelBuildsAtTheSmallestImageItAdmits(String name) {
    int size = Models.FAMILY.create(ComponentSettings.defaults(name)).smallestImage();
    var input = new InputShape(size, size, 1, 2);
    ComputationGraph network = Models.create(SmallModels.narrow(name), input, 1);
    assertThat(network.output(batch(1, 1, input).getFeatures())[0].length()).isEqualTo(2);
  }

  @Test
  void inputShapesAreChecked() {
    assertThat(COLOUR.values()).isEqualTo(3072);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InputShape(28, 28, 1, 0))
        .withMessageContaining("at least 1 output, but got 28 × 28 × 1 and 0 outputs");
  }

  private static InputShape oddImages(String name) {
    return SmallModels.input(name, 3, 5);
  }

  private static long parameters(ComponentSettings settings, InputShape input) {
    return Models.create(settings, input, 1).numParams();
  }

  private static float[] initial(String name, long seed) {
    return Models.create(SmallModels.narrow(name), oddImages(name), seed).params().toFloatVector();
  }

  private static DataSet batch(long seed, int examples, InputShape input) {
    var random = new Random(seed);
    INDArray images = Nd4j.create(examples, input.channels(), input.height(), input.width());
    for (int i = 0; i < images.length(); i++) {
      images.putScalar(i, random.nextGaussian());
    }
    INDArray labels = Nd4j.zeros(examples, input.classes());
    for (int i = 0; i < examples; i++) {
      labels.putScalar(i, random.nextInt(input.classes()), 1);
    }
    return new DataSet(images, labels);
  }
}
