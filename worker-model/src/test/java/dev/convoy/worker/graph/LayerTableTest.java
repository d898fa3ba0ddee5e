package dev.convoy.worker.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.model.ParameterCount;
import dev.convoy.worker.model.SmallModels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LayerTableTest {
  private static final InputShape CIFAR = new InputShape(32, 32, 3, 10);

  private static List<String> models() {
    return SmallModels.representatives();
  }

  @ParameterizedTest
  @MethodSource("models")
  void layersHaveAllOfTheNetworksParameters(String name) throws Exception {
    ComponentSettings settings =
        SmallModels.narrow(name, name.equals("googlenet") ? Map.of("auxiliary", "off") : Map.of());
    InputShape input = SmallModels.input(name, 3, 10);
    Work work = table(settings, input).work();
    assertThat(work.weights() + work.statistics())
        .isEqualTo(ParameterCount.of(Models.configuration(settings, input)));
  }

  @Test
  void lenetIsAsOnPaper() throws Exception {
    LayerTable table = table(ComponentSettings.defaults("lenet-5"), new InputShape(28, 28, 1, 10));
    assertThat(table.work().weights()).isEqualTo(61_706);
    // 28 · 28 · 6 · 25, 10 · 10 · 16 · 150, 400 · 120, 120 · 84 and 84 · 10.
    assertThat(table.work().multiplyAdds()).isEqualTo(117_600 + 240_000 + 48_000 + 10_080 + 840);
    assertThat(layer(table, "conv2"))
        .isEqualTo(
            new LayerTable.Layer(
                "conv2",
                Shape.image(16, 10, 10),
                new Work(2_416, 0, 240_000),
                new LayerTable.Field(14, 14)));
    assertThat(layer(table, "dense1").field()).isEqualTo(new LayerTable.Field(28, 28));
    assertThat(table.bytes())
        .isEqualTo(4 * (28 * 28 * 6 + 14 * 14 * 6 + 1600 + 400 + 120 + 84 + 10));
  }

  @Test
  void theMultiplyAddsOfResidualNetworksAreThoseOfThePaper() throws Exception {
    // He et al. 2015: ResNet-20 has 0.27 million parameters and 41 million multiply-adds.
    Work work = table(ComponentSettings.defaults("resnet-20"), CIFAR).work();
    assertThat(work.weights()).isBetween(270_000L, 275_000L);
    assertThat(work.multiplyAdds()).isBetween(40_500_000L, 41_500_000L);
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "2, 3", "7, 3", "4, 5", "3, 7"})
  void unstridedConvolutionsSeeOnePlusLayersTimesKernelMinusOne(int layers, int kernel) {
    assertThat(stack(layers, kernel, 1).field())
        .isEqualTo(new LayerTable.Field(1 + layers * (kernel - 1L), 1 + layers * (kernel - 1L)));
  }

  @Test
  void stridesWidenWhatLaterLayersSee() {
    // 1 + 2 + 2 · 2 + 2 · 4
    assertThat(stack(3, 3, 2).field()).isEqualTo(new LayerTable.Field(15, 15));
  }

  private static LayerTable.Layer stack(int layers, int kernel, int stride) {
    List<Node> nodes = new ArrayList<>();
    Shape shape = Shape.image(1, 64, 64);
    for (int i = 0; i < layers; i++) {
      Window window =
          Window.of(
              shape.plane(),
              new int[] {kernel, kernel},
              new int[] {stride, stride},
              new int[2],
              new int[] {1, 1},
              org.deeplearning4j.nn.conf.ConvolutionMode.Same);
      ConvolutionNode node =
          new ConvolutionNode(
              "conv" + i,
              List.of(i == 0 ? "image" : "conv" + (i - 1)),
              "conv" + i,
              Kernels.plain("W", 1, 1, window),
              window,
              false,
              Weighting.PLAIN,
              Activation.NONE);
      nodes.add(node);
      shape = node.result(List.of(shape));
    }
    List<LayerTable.Layer> table =
        LayerTable.of(new Graph("image", Shape.image(1, 64, 64), nodes)).layers();
    return table.get(table.size() - 1);
  }

  private static LayerTable.Layer layer(LayerTable table, String name) {
    Optional<LayerTable.Layer> found =
        table.layers().stream().filter(layer -> layer.name().equals(name)).findFirst();
    return found.orElseThrow();
  }

  private static LayerTable table(ComponentSettings settings, InputShape input) throws Exception {
    return LayerTable.of(GraphReader.read(Models.configuration(settings, input), input));
  }

  @Test
  void depthwiseConvolutionsMultiplyEachChannelOnce() {
    Window window = Window.pixel(new long[] {8, 8});
    ConvolutionNode node =
        new ConvolutionNode(
            "depthwise",
            List.of("image"),
            "depthwise",
            Kernels.depthwise("W", 2, 5),
            window,
            true,
            Weighting.PLAIN,
            Activation.NONE);
    assertThat(node.work(List.of(Shape.image(5, 8, 8)))).isEqualTo(new Work(20, 0, 640));
  }

  @Test
  void optionsCount() throws Exception {
    ComponentSettings wide = new ComponentSettings("resnet-20", Map.of("width", 32));
    assertThat(table(wide, CIFAR).work().multiplyAdds())
        .isGreaterThan(
            3 * table(ComponentSettings.defaults("resnet-20"), CIFAR).work().multiplyAdds());
  }
}
