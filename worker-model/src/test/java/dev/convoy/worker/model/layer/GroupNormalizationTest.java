package dev.convoy.worker.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.Segment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** The layer in Deeplearning4j; what is compiled is shown by {@code CompiledNetworkTest}. */
class GroupNormalizationTest {
  private static final InputShape INPUT = new InputShape(8, 8, 3, 4);

  /** Of sums of a few dozen floats around 1. */
  private static final double FLOAT_ROUNDING = 1e-5;

  private static ComputationGraph residualNetwork(int groups) {
    Map<String, Object> options =
        Map.of("width", 6, "normalization", Map.of("name", "group", "groups", groups));
    return Models.create(new ComponentSettings("resnet-20", options), INPUT, 3);
  }

  private static GroupNormalization layer(ComputationGraph network, String name) {
    return (GroupNormalization) network.getLayer(name).conf().getLayer();
  }

  @Test
  void everyGroupOfEveryImageHasMeanZeroAndVarianceOne() {
    ComputationGraph network = new ComputationGraph(small(DataType.FLOAT).build());
    network.init();
    INDArray result =
        network.feedForward(Nd4j.randn(DataType.FLOAT, 5, 4, 3, 2), false).get("norm");
    for (int image = 0; image < 5; image++) {
      for (int group = 0; group < 2; group++) {
        INDArray values =
            result
                .get(
                    NDArrayIndex.point(image),
                    NDArrayIndex.interval(2 * group, 2 * group + 2),
                    NDArrayIndex.all(),
                    NDArrayIndex.all())
                .dup();
        assertThat(values.meanNumber().doubleValue()).isCloseTo(0, within(FLOAT_ROUNDING));
        double variance = values.mul(values).meanNumber().doubleValue();
        assertThat(variance).isCloseTo(1, within(0.02)); // epsilon keeps it from being 1
      }
    }
  }

  @Test
  void anImagesAnswerDoesNotDependOnItsBatch() {
    ComputationGraph network = residualNetwork(2);
    INDArray images = images(3);
    INDArray together = network.outputSingle(images);
    for (int i = 0; i < 3; i++) {
      INDArray alone = network.outputSingle(images.get(NDArrayIndex.interval(i, i + 1)).dup());
      assertThat(alone.sub(together.getRow(i, true)).amaxNumber().doubleValue())
          .isLessThan(FLOAT_ROUNDING);
    }
  }

  @Test
  void groupsThatDoNotDivideTheChannelsBecomeTheirGreatestCommonDivisor() {
    ComputationGraph network = residualNetwork(8);
    assertThat(layer(network, "stem-norm").groups()).isEqualTo(2); // of 6 channels
    assertThat(layer(network, "stage2-block1-first-norm").groups()).isEqualTo(4); // of 12
    assertThat(layer(network, "stage3-block1-first-norm").groups()).isEqualTo(8); // of 24
  }

  @Test
  void itHasAScaleOfOneAndAShiftOfZeroForEveryChannelAndNoStatistics() {
    ComputationGraph network = residualNetwork(2);
    assertThat(network.getParam("stem-norm_gamma")).isEqualTo(Nd4j.ones(1, 6));
    assertThat(network.getParam("stem-norm_beta")).isEqualTo(Nd4j.zeros(1, 6));
    Set<Segment.Kind> kinds =
        Segment.of(network).stream()
            .filter(segment -> segment.layer().endsWith("-norm"))
            .map(Segment::kind)
            .collect(Collectors.toSet());
    assertThat(kinds).containsExactlyInAnyOrder(Segment.Kind.SCALE, Segment.Kind.SHIFT);
  }

  @Test
  void deeplearning4jRestoresASavedNetwork() throws Exception {
    ComputationGraph network = residualNetwork(3);
    network.getParam("stem-norm_gamma").muli(2);
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    ModelSerializer.writeModel(network, zip, false);
    ComputationGraph restored =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(zip.toByteArray()));
    GroupNormalization layer = layer(restored, "stem-norm");
    assertThat(List.of(layer.channels(), layer.groups(), layer.epsilon()))
        .isEqualTo(List.of(6L, 3, 1e-5));
    assertThat(restored.outputSingle(images(2))).isEqualTo(network.outputSingle(images(2)));
  }

  @Test
  void anInitialScaleIsSavedAndIsOneWhereASavedLayerHasNone() {
    GroupNormalization norm = new GroupNormalization(2, 1e-3);
    norm.setInitialScale(0);
    String saved = small(DataType.FLOAT, norm).build().toJson();
    assertThat(scaleOf(saved)).isEqualTo(Nd4j.zeros(1, 4));
    String earlier = saved.replaceFirst("\"initialScale\" : 0.0,", "");
    assertThat(earlier).hasSizeLessThan(saved.length());
    assertThat(scaleOf(earlier)).isEqualTo(Nd4j.ones(1, 4));
  }

  private static INDArray scaleOf(String saved) {
    ComputationGraph network = new ComputationGraph(ComputationGraphConfiguration.fromJson(saved));
    network.init();
    return network.getParam("norm_gamma");
  }

  @Test
  void deeplearning4jsGradientCheckPasses() {
    DataType before = Nd4j.defaultFloatingPointType();
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    try {
      ComputationGraph network = new ComputationGraph(small(DataType.DOUBLE).build());
      network.init();
      assertThat(
              GradientCheckUtil.checkGradients(
                  new GradientCheckUtil.GraphConfig()
                      .net(network)
                      .inputs(new INDArray[] {Nd4j.rand(DataType.DOUBLE, 2, 4, 3, 2)})
                      .labels(new INDArray[] {Nd4j.eye(2).castTo(DataType.DOUBLE)})
                      .print(GradientCheckUtil.PrintMode.ZEROS)))
          .isTrue();
    } finally {
      Nd4j.setDefaultDataTypes(before, before);
    }
  }

  private static ComputationGraphConfiguration.GraphBuilder small(DataType type) {
    return small(type, new GroupNormalization(2, 1e-3));
  }

  private static ComputationGraphConfiguration.GraphBuilder small(
      DataType type, GroupNormalization norm) {
    return new NeuralNetConfiguration.Builder()
        .seed(4)
        .dataType(type)
        .updater(new NoOp())
        .graphBuilder()
        .addInputs("images")
        .addLayer("norm", norm, "images")
        .addLayer(
            "output",
            new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nOut(2)
                .build(),
            "norm")
        .setOutputs("output")
        .setInputTypes(InputType.convolutional(3, 2, 4));
  }

  @Test
  void seriesAreRefused() {
    GroupNormalization layer = new GroupNormalization(2, 1e-3);
    layer.setLayerName("norm");
    assertThatThrownBy(() -> layer.setNIn(InputType.recurrent(3), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot normalise groups in layer norm: expected images or vectors, found"
                + " InputTypeRecurrent");
  }

  private static INDArray images(int size) {
    Nd4j.getRandom().setSeed(8);
    return Nd4j.randn(size, INPUT.channels(), INPUT.height(), INPUT.width());
  }
}
