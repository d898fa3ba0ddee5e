package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Networks against those of torchvision 0.14 in double precision, with the same parameters: {@code
 * torchvision_networks.py}, which says how the parameters are drawn, wrote {@code
 * torchvision_networks.txt}.
 */
class TorchvisionNetworksTest {
  /** As a share of the largest value: of each parameter's gradient, of the log-probabilities. */
  private static final double TOLERANCE = 1e-4;

  /**
   * GoogLeNet's many poolings choose among values so close to each other that rounding can decide:
   * with some parameters, PyTorch in single precision is off by as much.
   */
  private static final double TOLERANCE_OF_POOLINGS = 5e-3;

  private static final int CLASSES = 10;
  private static final String LAST = ":output_W";

  /** Of hidden layers, which the script makes narrow. */
  private static final Map<String, Object> HEAD = Map.of("hidden", List.of(64, 48), "dropout", 0.0);

  private static final Map<String, Map<String, Object>> OPTIONS =
      Map.of(
          "alexnet", HEAD,
          "vgg-11", Map.of("hidden", List.of(64, 48), "dropout", 0.0, "normalization", "batch"),
          "googlenet", Map.of("dropout", 0.0, "auxiliary-dropout", 0.0));

  private static final Map<String, Golden> GOLDENS = goldens();

  /** What torchvision has of a network. */
  private record Golden(
      int seed,
      int side,
      int batch,
      double loss,
      double[] answers,
      Map<String, double[]> gradients) {}

  private static Map<String, Golden> goldens() {
    Map<String, Golden> goldens = new LinkedHashMap<>();
    Golden last = null;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Models.class.getResourceAsStream("torchvision_networks.txt"),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        if (words.length == 5) {
          double[] numbers = numbers(words, 1);
          last =
              new Golden(
                  (int) numbers[0],
                  (int) numbers[1],
                  (int) numbers[2],
                  numbers[3],
                  numbers(lines.readLine().split(" "), 0),
                  new LinkedHashMap<>());
          goldens.put(words[0], last);
        } else {
          last.gradients().put(words[0], numbers(words, 1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return goldens;
  }

  private static double[] numbers(String[] words, int from) {
    return Arrays.stream(words).skip(from).mapToDouble(Double::parseDouble).toArray();
  }

  static Stream<String> names() {
    return GOLDENS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void answersAndGradientsAreThoseOfTorchvision(String name) throws Exception {
    Golden golden = GOLDENS.get(name);
    InputShape input = new InputShape(golden.side(), golden.side(), 3, CLASSES);
    var settings = new ComponentSettings(name, OPTIONS.getOrDefault(name, Map.of()));
    ComputationGraph network = Models.create(settings, input, 1);
    draw(network, golden.seed());
    int size = golden.batch();
    Images images = Images.of(values(golden.seed() + ":images", size * input.values(), 1));
    Targets targets = Targets.ofClasses(labels(size));
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, input, Precision.FLOAT32, false, Set.of())) {
      assertAnswers(golden, compiled.probabilities(images, size));
      assertThat(size * compiled.gradient(images, targets, size, 1))
          .isCloseTo(golden.loss(), within(TOLERANCE * golden.loss()));
      assertGradients(
          golden, network, name.equals("googlenet") ? TOLERANCE_OF_POOLINGS : TOLERANCE);
    }
  }

  private static int[] labels(int size) {
    int[] labels = new int[size];
    Arrays.setAll(labels, i -> i % CLASSES);
    return labels;
  }

  private static void assertAnswers(Golden golden, float[] probabilities) {
    double largest = Arrays.stream(golden.answers()).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < probabilities.length; i++) {
      assertThat(Math.log(probabilities[i]))
          .isCloseTo(golden.answers()[i], within(TOLERANCE * largest));
    }
  }

  private static void assertGradients(Golden golden, ComputationGraph network, double share) {
    List<String> learned = new ArrayList<>(network.paramTable().keySet());
    learned.removeIf(key -> key.endsWith("_mean") || key.endsWith("_var"));
    assertThat(golden.gradients()).containsOnlyKeys(learned);
    INDArray all = network.getFlattenedGradients();
    for (String key : learned) {
      INDArray place = network.getParam(key);
      long from = place.offset() - network.params().offset();
      float[] gradient = new float[Math.toIntExact(place.length())];
      all.data().asNio().asFloatBuffer().position((int) from).get(gradient);
      double[] expected = golden.gradients().get(key);
      double tolerance = share * expected[0];
      double sum = 0;
      double largest = 0;
      for (int i = 0; i < gradient.length; i++) {
        largest = Math.max(largest, Math.abs(gradient[i]));
      }
      float[] weights = values(golden.seed() + ":" + key + " gradient", gradient.length, 1);
      for (int i = 0; i < gradient.length; i++) {
        sum += (double) gradient[i] * weights[i];
      }
      assertThat(largest)
          .as("largest gradient of %s", key)
          .isCloseTo(expected[0], within(tolerance));
      assertThat(sum)
          .as("weighted gradient of %s", key)
          .isCloseTo(expected[1], within(tolerance * Math.sqrt(gradient.length)));
      for (int i = 0; i < 4; i++) {
        assertThat((double) gradient[(int) ((long) i * (gradient.length - 1) / 3)])
            .as("gradient of %s", key)
            .isCloseTo(expected[2 + i], within(tolerance));
      }
    }
  }

  /** Draws every parameter as the script does. */
  private static void draw(ComputationGraph network, int seed) {
    network
        .paramTable()
        .forEach(
            (key, place) -> {
              float[] drawn =
                  drawn(seed + ":" + key, Math.toIntExact(place.length()), place.shape());
              // Dense weights are [inputs, outputs] here, and lie as PyTorch's [outputs, inputs].
              char order = key.endsWith("_W") && place.rank() == 2 ? 'f' : 'c';
              place.assign(Nd4j.create(drawn, place.shape(), order));
            });
  }

  private static float[] drawn(String key, int count, long... shape) {
    if (key.endsWith("_W")) {
      long fanIn = shape.length == 2 ? shape[0] : count / shape[0];
      return values(key, count, Math.sqrt(6.0 / fanIn) * (key.endsWith(LAST) ? 0.1 : 1));
    }
    boolean scale = key.endsWith("_gamma");
    if (scale || key.endsWith("_var")) {
      float[] around = values(key, count, scale ? 0.2 : 4);
      for (int i = 0; i < count; i++) {
        around[i] = (scale ? 1 : 20) + around[i];
      }
      return around;
    }
    if (key.endsWith("_beta") || key.endsWith("-conv_b")) {
      float[] shifts = values(key, count, 1);
      for (int i = 0; i < count; i++) {
        shifts[i] = shifts[i] > -0.5 ? 3 : -2;
      }
      return shifts;
    }
    return values(key, count, 0.1);
  }

  private static float[] values(String name, int count, double scale) {
    long key = 0xCBF29CE484222325L;
    for (byte character : name.getBytes(StandardCharsets.UTF_8)) {
      key = (key ^ character) * 0x100000001B3L;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      long mixed = KeyedRandom.mix(key + i);
      double unsigned = (mixed >>> 1) * 2.0 + (mixed & 1);
      values[i] = (float) ((unsigned / 0x1p63 - 1) * scale);
    }
    return values;
  }
}
