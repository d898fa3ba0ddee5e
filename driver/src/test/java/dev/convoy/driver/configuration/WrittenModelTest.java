package dev.convoy.driver.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.convoy.driver.space.Parameter;
import dev.convoy.driver.space.SearchSpace;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that are written out layer by layer, as configurations hold them. */
class WrittenModelTest extends ExperimentFileTest {
  private static final String RESIDUAL =
      """
      data.image { height = 8, width = 8, channels = 3 }
      model {
        name = layers
        layers = [
          { name = conv, filters = 16, normalization = { name = group, groups = 4 }, as = stem }
          { name = add, of = [
              []
              [relu, { name = conv, filters = 16, kernel = [3, 1] }]
              stem-pooled
            ] }
          global-average-pool
        ]
      }
      """
          .replace("stem-pooled", "[{ name = max-pool, window = 3, stride = 1, padding = 1 }]");

  private String file() {
    return directory.resolve("experiment.conf").toString();
  }

  private static String layers(String layers) {
    return "data.image { height = 8, width = 6, channels = 3 }\nmodel.name = layers\n"
        + "model.layers = [\n"
        + layers
        + "\n]";
  }

  @Test
  void nestedLayersAreReadAsTheyAreWritten() throws IOException {
    assertThat(read(RESIDUAL).model().options())
        .isEqualTo(
            Map.of(
                "layers",
                List.of(
                    Map.of(
                        "name",
                        "conv",
                        "filters",
                        16,
                        "normalization",
                        Map.of("name", "group", "groups", 4),
                        "as",
                        "stem"),
                    Map.of(
                        "name",
                        "add",
                        "of",
                        List.of(
                            List.of(),
                            List.of(
                                "relu",
                                Map.of("name", "conv", "filters", 16, "kernel", List.of(3, 1))),
                            List.of(
                                Map.of(
                                    "name", "max-pool", "window", 3, "stride", 1, "padding", 1)))),
                    "global-average-pool")));
    assertThat(Models.parameterCount(read(RESIDUAL).model(), new InputShape(8, 8, 3, 10)))
        .isEqualTo((27 * 16 + 2 * 16) + (3 * 16 * 16 + 16) + (16 * 10 + 10));
  }

  @Test
  void anEffectiveConfigurationSaysTheSameNetworkAgain() throws IOException {
    RunConfiguration configuration = read(RESIDUAL);
    assertThat(ConfigurationReader.readEffective(configuration.text().full()))
        .isEqualTo(configuration);
  }

  @Test
  void anotherLayerIsAnotherRun() throws IOException {
    String identity = read(RESIDUAL).text().identity();
    assertThat(read(RESIDUAL, "name=other").text().identity()).isEqualTo(identity);
    assertThat(read(RESIDUAL.replace("relu", "elu")).text().identity()).isNotEqualTo(identity);
    assertThat(read(RESIDUAL.replace("[3, 1]", "[1, 3]")).text().identity()).isNotEqualTo(identity);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conv | model.layers[0]: layer 1, conv: expected a value of filters, found none",
        "{name = conv, filters = 4, kernel = 7, padding = 0} | model.layers[0]: layer 1, conv:"
            + " 7 × 7 kernel on 8 × 6 image",
        "{name = conv, filters = 0} | model.layers[0].filters = 0: expected a whole number from 1"
            + " to 65536 or null for layer 1, conv",
        "{name = conv, filter = 4} | model.layers[0].filter = 4: expected an option of conv"
            + " (filters, kernel, stride, padding, dilation, groups, normalization, activation,"
            + " bias, initial-bias, initialization, drop-connect, from, as) for layer 1, conv",
        "{name = relu, from = nowhere} | model.layers[0]: layer 1, relu: no value before it is"
            + " called nowhere: expected one of input"
      })
  void aProblemOfALayerIsOneOfItsLine(String layer, String problem) throws IOException {
    assertThat(problems(layers(layer))).containsExactly(problem + " (" + file() + ": 4)");
  }

  @Test
  void layersWithinBranchesAreNamedToo() throws IOException {
    assertThat(
            problems(
                layers("relu\n{name = add, of = [\n[]\n[tanh, {name = max-pool, window = 7}]\n]}")))
        .containsExactly(
            "model.layers[1].of[1][1]: layer 2.2.2, max-pool: 7 × 7 window on 8 × 6 image ("
                + file()
                + ": 7)");
  }

  @ParameterizedTest
  @CsvSource({"cnov, conv", "maxpool, max-pool", "batchnorm, batch-norm", "conv2d, conv"})
  void theKindThatIsMeantIsGuessed(String written, String meant) throws IOException {
    assertThat(problems(layers("{name = " + written + "}")))
        .singleElement()
        .asString()
        .startsWith("model.layers[0].name = " + written + ": expected one of ")
        .endsWith(" for layer 1; did you mean " + meant + "? (" + file() + ": 4)");
  }

  @Test
  void aNetworkHasLayers() throws IOException {
    assertThat(problems(layers("")))
        .containsExactly(
            "model.layers: expected at least one layer, found none (" + file() + ": 3)");
    assertThat(problems("model.name = layers"))
        .singleElement()
        .asString()
        .startsWith("model.layers: expected at least one layer, found none");
    assertThat(problems("model.name = layers\nmodel.layers = 3"))
        .containsExactly(
            "model.layers = 3: expected a list of layers { name = …, options } ("
                + file()
                + ": 2)");
  }

  @Test
  void otherModelsHaveNoLayers() throws IOException {
    assertThat(problems("model.name = lenet-5", "model.layers=[relu]"))
        .singleElement()
        .asString()
        .startsWith("model.layers: unknown key");
  }

  @Test
  void searchesDrawOptionsOfLayers() {
    String written = layers("{name = conv, filters = {choice = [4, 8]}}, {choice = [relu, elu]}");
    SearchSpace space = SearchSpace.of(ConfigFactory.parseString(written));
    assertThat(space.parameters().stream().map(Parameter::key))
        .containsExactly("model.layers.0.filters", "model.layers.1");
    WrittenConfiguration drawn =
        new WrittenConfiguration(space.at(new double[] {0.9, 0.1}).configuration(), List.of());
    assertThat(ConfigurationReader.of(drawn).model().options())
        .isEqualTo(Map.of("layers", List.of(Map.of("name", "conv", "filters", 8), "relu")));
  }

  @Test
  void theNetworkOfTheGuideCanBeMade() throws IOException {
    String guide = Files.readString(Path.of("..", "docs", "guide.md"));
    int begin = guide.indexOf("model {\n  name = layers");
    String written = guide.substring(begin, guide.indexOf("```", begin));
    assertThat(Models.parameterCount(read(written).model(), new InputShape(32, 32, 3, 10)))
        .isGreaterThan(10_000);
  }

  static Stream<Path> experiments() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..", "conf"))) {
      return files.filter(file -> file.toString().endsWith("layers.conf")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void theExperimentThatShipsHasANetwork(Path experiment) {
    RunConfiguration run = ConfigurationReader.read(experiment.toString(), List.of());
    assertThat(Models.parameterCount(run.model(), new InputShape(32, 32, 3, 10)))
        .isGreaterThan(100_000);
  }
}
