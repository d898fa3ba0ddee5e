package dev.convoy.worker.model.written;

import static dev.convoy.worker.model.written.Layers.layer;
import static dev.convoy.worker.model.written.Layers.network;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Problem;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.LayerTable;
import dev.convoy.worker.graph.Shape;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.LayerException;
import dev.convoy.worker.model.Models;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WrittenNetworkTest {
  private static final InputShape DIGITS = new InputShape(28, 28, 1, 10);
  private static final InputShape SMALL = new InputShape(8, 6, 3, 4);

  private static final ComponentSettings LENET =
      network(
          conv(6, "kernel", 5, "padding", 2, "activation", "relu", "as", "conv1"),
          "max-pool",
          conv(16, "kernel", 5, "padding", 0, "activation", "relu", "as", "conv2"),
          "max-pool",
          layer("dense", "units", 120, "activation", "relu", "as", "dense1"),
          layer("dense", "units", 84, "activation", "relu", "as", "dense2"));

  private static Map<String, Object> conv(int filters, Object... options) {
    Object[] all = Stream.concat(Stream.of("filters", filters), Arrays.stream(options)).toArray();
    return layer("conv", all);
  }

  private static INDArray images(InputShape input) {
    return Nd4j.linspace(-1, 1, 3L * input.values())
        .castTo(org.nd4j.linalg.api.buffer.DataType.FLOAT)
        .reshape(3, input.channels(), input.height(), input.width());
  }

  private static LayerTable table(ComponentSettings settings, InputShape input) throws Exception {
    return LayerTable.of(GraphReader.read(Models.configuration(settings, input), input));
  }

  private static Shape output(LayerTable table, String name) {
    return table.layers().stream()
        .filter(layer -> layer.name().equals(name))
        .findFirst()
        .orElseThrow()
        .output();
  }

  @Test
  void leNetWrittenOutIsLeNet() {
    ComputationGraph named = Models.create(ComponentSettings.defaults("lenet-5"), DIGITS, 9);
    ComputationGraph written = Models.create(LENET, DIGITS, 9);
    assertThat(written.numParams()).isEqualTo(named.numParams()).isEqualTo(61_706);
    assertThat(written.paramTable()).isEqualTo(named.paramTable()); // drawn by the names of layers
    assertThat(written.outputSingle(images(DIGITS))).isEqualTo(named.outputSingle(images(DIGITS)));
  }

  @Test
  void aResidualBlockIsASumOfItsInputAndItsLayers() throws Exception {
    ComponentSettings block =
        network(
            conv(16),
            layer(
                "add",
                "of",
                List.of(
                    List.of(),
                    List.of(
                        conv(16, "normalization", "batch", "activation", "relu"),
                        conv(16, "normalization", "batch")))),
            "relu",
            "global-average-pool");
    ComputationGraph network = Models.create(block, SMALL, 1);
    assertThat(network.getConfiguration().getVertexInputs())
        .containsEntry("2-add", List.of("1-conv", "2.2.2-conv.norm"))
        .containsEntry("2.2.1-conv", List.of("1-conv"))
        .containsEntry("3-relu", List.of("2-add"));
    long withoutStatistics = (27 * 16 + 16) + 2 * (9 * 16 * 16 + 2 * 16) + (16 * 4 + 4);
    assertThat(table(block, SMALL).work().weights()).isEqualTo(withoutStatistics);
  }

  @Test
  void namedValuesAreReadBehindLaterOnes() throws Exception {
    ComponentSettings scales =
        network(
            conv(8, "activation", "relu"),
            layer("max-pool", "as", "fine"),
            conv(12, "activation", "relu"),
            layer("max-pool", "as", "coarse"),
            layer("max-pool", "from", "fine", "as", "fine-pooled"),
            layer("concat", "of", List.of("coarse", "fine-pooled", List.of("relu"))),
            layer("dense", "units", 10));
    InputShape input = new InputShape(32, 32, 3, 4);
    LayerTable table = table(scales, input);
    assertThat(output(table, "6-concat")).isEqualTo(Shape.image(12 + 8 + 8, 8, 8));
    assertThat(output(table, "7-dense")).isEqualTo(Shape.vector(10));
    assertThat(Models.create(scales, input, 1).outputSingle(images(input)).shape())
        .containsExactly(3, 4);
  }

  @Test
  void aGateHasAUnitForSoManyChannels() throws Exception {
    ComponentSettings gated =
        network(conv(16), layer("squeeze-excitation", "reduction", 4), "global-average-pool");
    ComputationGraph network = Models.create(gated, SMALL, 1);
    assertThat(network.getConfiguration().getVertexInputs())
        .containsEntry("2-squeeze-excitation", List.of("1-conv", "2-squeeze-excitation.gate"));
    long gate = (16 * 4 + 4) + (4 * 16 + 16);
    assertThat(table(gated, SMALL).work().weights())
        .isEqualTo((27 * 16 + 16) + gate + (16 * 4 + 4));
  }

  @Test
  void anAuxiliaryClassifierStandsBesideTheNetwork() throws Exception {
    ComponentSettings plain = network(conv(8, "as", "first"), layer("relu", "as", "second"));
    ComponentSettings deeply =
        network(
            conv(8, "as", "first"),
            layer(
                "auxiliary-classifier",
                "of",
                List.of(List.of("global-average-pool", layer("dense", "units", 5))),
                "dropout",
                0.7),
            layer("relu", "as", "second"));
    ComputationGraph network = Models.create(deeply, SMALL, 1);
    assertThat(network.getConfiguration().getNetworkOutputs())
        .containsExactly("output", "2-auxiliary-classifier");
    assertThat(network.getConfiguration().getVertexInputs())
        .containsEntry("second", List.of("first"));
    assertThat(network.numParams() - Models.create(plain, SMALL, 1).numParams())
        .isEqualTo((8 * 5 + 5) + (5 * 4 + 4));
    assertThat(network.output(images(SMALL))[0])
        .isEqualTo(Models.create(plain, SMALL, 1).outputSingle(images(SMALL)));
  }

  @Test
  void theImagesAreAValueToo() throws Exception {
    ComponentSettings pyramid =
        network(
            conv(8, "stride", 2),
            layer("concat", "of", List.of(List.of(), List.of("relu"))),
            layer(
                "concat",
                "of",
                List.of(
                    List.of("flatten"),
                    List.of(layer("average-pool", "from", "input", "window", 2), "flatten"))));
    assertThat(output(table(pyramid, SMALL), "3-concat"))
        .isEqualTo(Shape.vector(4 * 3 * 16 + 4 * 3 * 3));
  }

  @Test
  void kernelsMoveAlongTheRowOfASeries() throws Exception {
    InputShape series = new InputShape(1, 100, 2, 3);
    ComponentSettings settings =
        network(
            conv(8, "kernel", 5, "stride", 2, "activation", "relu"),
            layer("max-pool", "window", 3, "stride", 2),
            conv(8, "kernel", 3, "dilation", 4),
            "global-average-pool");
    LayerTable table = table(settings, series);
    assertThat(output(table, "1-conv")).isEqualTo(Shape.image(8, 1, 50));
    assertThat(output(table, "2-max-pool")).isEqualTo(Shape.image(8, 1, 24));
    assertThat(output(table, "3-conv")).isEqualTo(Shape.image(8, 1, 24));
    assertThat(table.work().weights()).isEqualTo((5 * 2 * 8 + 8) + (3 * 64 + 8) + (8 * 3 + 3));
  }

  @Test
  void settingsTravelAndTellNetworksApart() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(LENET);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(LENET).isNotEqualTo(network(conv(6)));
    }
  }

  private static Stream<Arguments> misfits() {
    Object first = conv(8);
    return Stream.of(
        misfit(
            "layer 2, conv: 3 × 3 kernel on 2 × 2 image",
            layer("adaptive-max-pool", "to", 2),
            conv(4, "padding", 0)),
        misfit(
            "layer 1, conv: 5 × 5 kernel with dilation 2 × 2 on 8 × 6 image with padding 1 × 1",
            conv(4, "kernel", 5, "dilation", 2, "padding", 1)),
        misfit(
            "layer 2, max-pool: 7 × 7 window on 8 × 6 image",
            first,
            layer("max-pool", "window", 7)),
        misfit(
            "layer 1, max-pool: padding 2 × 2 of a 3 × 3 window: expected no more than half of it",
            layer("max-pool", "window", 3, "padding", 2)),
        misfit(
            "layer 2, conv: expected an image in front of it, found a vector of 12",
            layer("dense", "units", 12),
            conv(4)),
        misfit(
            "layer 3, local-response-norm: expected an image in front of it, found a vector of 8",
            first,
            "global-max-pool",
            "local-response-norm"),
        misfit(
            "layer 2, instance-norm: normalisation of a vector of 12 in 12 groups, of one value each:"
                + " all would be 0",
            layer("dense", "units", 12),
            "instance-norm"),
        misfit("layer 1, conv: expected a value of filters, found none", "conv"),
        misfit("layer 1, maxout: expected a value of units, found none", "maxout"),
        misfit(
            "layer 2, conv: 3 groups of 8 channels and 6 filters: expected a divisor of both",
            first,
            conv(6, "groups", 3)),
        misfit(
            "layer 2, conv: normalization = weight is for convolutions of one group and for dense alone",
            first,
            conv(8, "groups", 2, "normalization", "weight")),
        misfit(
            "layer 1, conv: drop-connect and normalization = weight do not go together",
            conv(8, "drop-connect", 0.1, "normalization", "weight")),
        misfit(
            "layer 2, add: branches of different extent: an image of 8 × 6 × 8, and an image of"
                + " 8 × 6 × 4",
            first,
            layer("add", "of", List.of(List.of(), List.of(conv(4))))),
        misfit(
            "layer 2, concat: branches of different extent: an image of 8 × 6 × 8, and a vector of 8",
            first,
            layer("concat", "of", List.of(List.of(), List.of("global-max-pool")))),
        misfit(
            "layer 1, add: expected two branches or more in of, found 1",
            layer("add", "of", List.of(List.of()))),
        misfit(
            "layer 1, auxiliary-classifier: expected one branch in of, [[…]], found 2",
            layer("auxiliary-classifier", "of", List.of(List.of(), List.of()))),
        misfit(
            "layer 2, squeeze-excitation: expected an image in front of it, found a vector of 5",
            layer("dense", "units", 5),
            "squeeze-excitation"),
        misfit(
            "layer 1, add: expected values that differ, found one of them twice",
            layer("add", "of", List.of(List.of(), "input"))),
        misfit(
            "layer 2, relu: no value before it is called frist: expected one of input, first",
            conv(8, "as", "first"),
            layer("relu", "from", "frist")),
        misfit(
            "layer 1, add: no value before it is called later: expected one of input",
            layer("add", "of", List.of(List.of(), "later"))),
        misfit(
            "layer 2, relu: as = input, but that is the name of another value",
            first,
            layer("relu", "as", "input")),
        misfit(
            "layer 2, conv: nothing reads its result",
            conv(8, "as", "a"),
            conv(4),
            layer("relu", "from", "a")),
        misfit(
            "layer 2.2.1, conv: 9 × 9 kernel on 8 × 6 image",
            first,
            layer("add", "of", List.of(List.of(), List.of(conv(8, "kernel", 9, "padding", 0))))));
  }

  private static Arguments misfit(String reason, Object... layers) {
    return Arguments.of(reason, network(layers));
  }

  @ParameterizedTest
  @MethodSource("misfits")
  void theFirstLayerThatDoesNotFitIsNamed(String reason, ComponentSettings settings) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Models.configuration(settings, SMALL))
        .withMessage("Cannot make model layers: " + reason + ".");
  }

  @Test
  void aMisfitSaysWhereItStands() {
    ComponentSettings settings =
        network(conv(8), layer("add", "of", List.of(List.of(), List.of("relu", conv(3)))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Models.configuration(settings, SMALL))
        .isInstanceOfSatisfying(LayerException.class, e -> assertThat(e.path()).isEqualTo("[1]"));
    ComponentSettings within =
        network(conv(8), layer("add", "of", List.of(List.of(), List.of("relu", "conv"))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Models.configuration(within, SMALL))
        .isInstanceOfSatisfying(
            LayerException.class, e -> assertThat(e.path()).isEqualTo("[1].of[1][1]"));
  }

  @Test
  void thereIsAtLeastOneLayer() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Models.configuration(network(), SMALL))
        .withMessage("Cannot make model layers: expected at least one layer, found none.");
  }

  @Test
  void optionsThatDoNotFitAreNamedWithTheirLayer() {
    ComponentSettings settings =
        network(
            conv(8, "kernel", 0),
            layer("cnov", "filters", 3),
            layer("max-pool", "size", 2),
            layer("add", "of", List.of(List.of(), List.of("relu", conv(0)), 7)),
            layer("relu", "as", "1st"));
    assertThat(Models.FAMILY.problems(settings).stream().map(Problem::toString))
        .hasSize(6)
        .contains(
            "layers[0].kernel = 0: expected a whole number from 1 to 1024, or [height, width] of"
                + " such for layer 1, conv",
            "layers[2].size = 2: expected an option of max-pool (window, stride, padding, from, as)"
                + " for layer 3, max-pool",
            "layers[3].of[1][1].filters = 0: expected a whole number from 1 to 65536 or null for"
                + " layer 4.2.2, conv",
            "layers[3].of[2] = 7: expected a list of layers, or the name of a value for layer 4, add",
            "layers[4].as = 1st: expected a name of letters, digits and '-' that begins with a"
                + " letter or null for layer 5, relu")
        .anyMatch(
            problem ->
                problem.startsWith("layers[1].name = cnov: expected one of adaptive-average-pool, ")
                    && problem.endsWith(" for layer 2"));
  }
}
