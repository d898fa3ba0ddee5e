package dev.convoy.worker.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How much is joined; that it computes the same is shown by {@code CompiledNetworkTest}. */
class FusionTest {
  private static Graph read(String model, Map<String, Object> options)
      throws UnsupportedNetworkException {
    InputShape input = new InputShape(32, 32, 3, 10);
    return GraphReader.read(
        Models.create(new ComponentSettings(model, options), input, 1).getConfiguration(), input);
  }

  private static Map<String, Long> kinds(Graph graph) {
    return graph.nodes().stream()
        .collect(
            Collectors.groupingBy(
                node -> node.getClass().getSimpleName().replace("Node", ""),
                Collectors.counting()));
  }

  @Test
  void inInferenceAResidualNetworkIsItsConvolutionsAlone() throws Exception {
    assertThat(kinds(Fusion.forInference(read("resnet-20", Map.of()))))
        .isEqualTo(Map.of("FoldedConvolution", 21L, "Pooling", 1L, "Dense", 1L));
  }

  @Test
  void inTrainingItsFunctionsAreAPartOfWhatIsBeforeThem() throws Exception {
    assertThat(kinds(Fusion.forTraining(read("resnet-20", Map.of()))))
        .isEqualTo(
            Map.of(
                "Convolution",
                21L,
                "BatchNormalization",
                21L,
                "Sum",
                9L,
                "Pooling",
                1L,
                "Dense",
                1L));
  }

  @Test
  void inTrainingAFunctionComesBehindTheLargestValue() throws Exception {
    assertThat(kinds(Fusion.forTraining(read("lenet-5", Map.of("dropout", 0.5)))))
        .isEqualTo(
            Map.of("Convolution", 2L, "Pooling", 2L, "Activation", 2L, "Dense", 3L, "Dropout", 2L));
  }

  @Test
  void aFunctionThatIsDerivedFromItsArgumentIsJoinedInInferenceAlone() {
    List<String> images = List.of("images");
    Node sum = new SumNode("sum", images, Activation.NONE);
    Activation swish = new Activation(Activation.Kind.SWISH, 1);
    Graph graph =
        new Graph(
            "images",
            Shape.image(3, 4, 4),
            List.of(sum, new ActivationNode("swish", List.of("sum"), swish)));
    assertThat(Fusion.forTraining(graph)).isEqualTo(graph);
    assertThat(Fusion.forInference(graph).nodes())
        .containsExactly(new SumNode("swish", images, swish));
  }

  @Test
  void inInferenceWhatIsDroppedStaysOnlyWhereAnswersAreSampled() throws Exception {
    Graph graph = read("lenet-5", Map.of("dropout", 0.5));
    assertThat(kinds(Fusion.forInference(graph.inference())))
        .isEqualTo(Map.of("FoldedConvolution", 2L, "Pooling", 2L, "Dense", 3L));
    assertThat(kinds(Fusion.forInference(graph.sampling())))
        .isEqualTo(Map.of("FoldedConvolution", 2L, "Pooling", 2L, "Dense", 3L, "Dropout", 2L));
  }

  @Test
  void joiningChangesNoExtent() throws Exception {
    for (String model : List.of("resnet-20", "lenet-5", "densenet-bc-40-12")) {
      Graph graph = read(model, Map.of());
      Map<String, Shape> shapes = graph.shapes();
      assertThat(shapes.get(graph.logits())).as(model).isEqualTo(Shape.vector(10));
      assertThat(shapes).as(model).containsAllEntriesOf(Fusion.forInference(graph).shapes());
    }
  }
}
