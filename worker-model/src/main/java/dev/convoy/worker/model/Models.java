package dev.convoy.worker.model;

import static dev.convoy.worker.model.DeclaredOption.probability;
import static dev.convoy.worker.model.DeclaredOption.size;
import static dev.convoy.worker.model.DeclaredOption.sizes;

import dev.convoy.worker.natives.NativeLibraries;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The registry of models. A new model is one more entry in {@link #entries()}.
 *
 * <p>Every network reads float images of axes [batch, channels, height, width] at {@code input} and
 * gives class probabilities of axes [batch, classes] at {@code output}. Safe to use from any
 * thread, on the driver as well as on executors.
 */
public final class Models {
  private static final SortedMap<String, ModelEntry> ENTRIES =
      entries()
          .collect(
              Collectors.toMap(
                  ModelEntry::name,
                  Function.identity(),
                  (first, second) -> {
                    throw new IllegalStateException("Two models are called " + first.name());
                  },
                  TreeMap::new));

  private Models() {}

  private static Stream<ModelEntry> entries() {
    DeclaredOption dropout =
        probability(
            "dropout", 0, "probability of dropping a value behind each hidden layer in training");
    String hiddenMeaning = "units of each fully connected hidden layer, first to last";
    return Stream.concat(
        Stream.of(
            new ModelEntry(
                "linear", List.of(), 1, (options, input) -> FeedForwardModels.linear(input)),
            new ModelEntry(
                "mlp",
                List.of(sizes("hidden", List.of(256, 128), hiddenMeaning), dropout),
                1,
                FeedForwardModels::perceptron),
            new ModelEntry(
                "lenet-5",
                List.of(
                    sizes("filters", List.of(6, 16), 2, "channels of the two 5 × 5 convolutions"),
                    sizes("hidden", List.of(120, 84), hiddenMeaning),
                    dropout),
                12, // leaves one pixel behind the second pooling
                FeedForwardModels::leNet),
            new ModelEntry(
                "vgg-11",
                List.of(
                    size(
                        "width",
                        64,
                        "channels of the first convolution; up to eight times as many at the end"),
                    featureDropout()),
                32, // leaves one pixel behind the fifth pooling
                FeedForwardModels::vgg11)),
        IntStream.of(3, 5, 7, 9, 18).mapToObj(Models::residualNetwork));
  }

  private static ModelEntry residualNetwork(int blocksPerStage) {
    return new ModelEntry(
        "resnet-" + (6 * blocksPerStage + 2),
        List.of(
            size("width", 16, "channels of the first stage; then twice and four times as many"),
            featureDropout()),
        4, // leaves one pixel in the last stage
        (options, input) -> ResidualNetwork.build(blocksPerStage, options, input));
  }

  private static DeclaredOption featureDropout() {
    return probability(
        "dropout", 0, "probability of dropping a feature in front of the last layer in training");
  }

  /** The names of all models, in alphabetical order. */
  public static SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(ENTRIES.keySet()));
  }

  /**
   * What can be set on a model, in the order in which it is best shown.
   *
   * @throws IllegalArgumentException if there is no such model
   */
  public static Map<String, ModelOption> options(String name) {
    if (!ENTRIES.containsKey(name)) {
      throw new IllegalArgumentException("Cannot list options: " + unknown(name));
    }
    var options = new LinkedHashMap<String, ModelOption>();
    ENTRIES.get(name).options().forEach(o -> options.put(o.name(), o.description()));
    return Collections.unmodifiableMap(options);
  }

  /**
   * Everything that keeps a model from being built, one sentence each, for the person who wrote the
   * configuration; empty if {@link #create} will succeed.
   */
  public static List<String> problems(ModelSettings settings, InputShape input) {
    ModelEntry entry = ENTRIES.get(settings.name());
    return entry == null
        ? List.of(unknown(settings.name()))
        : entry.problems(settings.options(), input);
  }

  /**
   * Builds a network and draws its parameters. The same arguments give the same bits, on any thread
   * and in any order of calls. {@link dev.convoy.worker.accelerator.Accelerator} is not installed.
   *
   * <p>The configuration's updater is plain SGD with rate 1, a placeholder for the trainer's own
   * rule. As a side effect Deeplearning4j reseeds the calling thread's ND4J generator.
   *
   * @param seed of the parameters
   * @throws IllegalArgumentException with all {@link #problems}, if there are any
   */
  public static ComputationGraph create(ModelSettings settings, InputShape input, long seed) {
    var configuration = configuration(settings, input);
    NativeLibraries.load();
    var network = new ComputationGraph(configuration);
    network.init();
    ParameterInitialization.draw(network, seed);
    return network;
  }

  /**
   * How many parameters the network has; nothing is made.
   *
   * @throws IllegalArgumentException with all {@link #problems}, or for more than a Java array
   *     holds
   */
  public static int parameterCount(ModelSettings settings, InputShape input) {
    return ParameterCount.of(configuration(settings, input));
  }

  private static ComputationGraphConfiguration configuration(
      ModelSettings settings, InputShape input) {
    List<String> problems = problems(settings, input);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("Cannot build a model: " + String.join("; ", problems));
    }
    ModelEntry entry = ENTRIES.get(settings.name());
    return entry.builder().build(entry.valuesOver(settings.options()), input);
  }

  private static String unknown(String name) {
    return "There is no model %s: expected one of %s".formatted(name, String.join(", ", names()));
  }
}
