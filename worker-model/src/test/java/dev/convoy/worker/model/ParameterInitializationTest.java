package dev.convoy.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.layer.GroupedConvolution;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ParameterInitializationTest {
  private static final InputShape INPUT = new InputShape(8, 8, 32, 10);

  /** A sample of 4,000 draws or more; its deviation is within 1.2 % in two cases of three. */
  private static final double SAMPLING = 0.05;

  @Test
  void aConvolutionSumsOverItsChannelsAndItsKernel() {
    var layer = new ConvolutionLayer.Builder(3, 3).nOut(64);
    assertThat(deviation(layer.weightInit(WeightInit.RELU).build(), "W"))
        .isCloseTo(Math.sqrt(2.0 / (32 * 9)), relative(Math.sqrt(2.0 / (32 * 9))));
    assertThat(deviation(layer.weightInit(WeightInit.NORMAL).build(), "W"))
        .isCloseTo(Math.sqrt(1.0 / (32 * 9)), relative(Math.sqrt(1.0 / (32 * 9))));
    assertThat(deviation(layer.weightInit(WeightInit.XAVIER).build(), "W"))
        .isCloseTo(
            Math.sqrt(2.0 / (32 * 9 + 64 * 9)), relative(Math.sqrt(2.0 / (32 * 9 + 64 * 9))));
  }

  @Test
  void aDepthwiseConvolutionSumsOverItsKernelAlone() {
    BaseLayer layer = new DepthwiseConvolution2D.Builder(5, 5).depthMultiplier(6).build();
    assertThat(deviation(layer, "W")).isCloseTo(Math.sqrt(2.0 / 25), relative(Math.sqrt(2.0 / 25)));
  }

  @Test
  void aFilterOfAGroupSumsOverItsGroupsChannels() {
    BaseLayer layer = new GroupedConvolution.Builder(3, 3).groups(4).nOut(128).build();
    double expected = Math.sqrt(2.0 / (8 * 9));
    assertThat(deviation(layer, "W")).isCloseTo(expected, relative(expected));
  }

  @Test
  void bothWeightsOfASeparableConvolutionAreDrawn() {
    BaseLayer layer = new SeparableConvolution2D.Builder(5, 5).depthMultiplier(6).nOut(64).build();
    assertThat(deviation(layer, "W")).isCloseTo(Math.sqrt(2.0 / 25), relative(Math.sqrt(2.0 / 25)));
    double pointwise = Math.sqrt(2.0 / (6 * 32));
    assertThat(deviation(layer, "pW")).isCloseTo(pointwise, relative(pointwise));
  }

  @Test
  void aTransposedConvolutionHasItsInputsFirst() {
    BaseLayer layer = new Deconvolution2D.Builder(3, 3).nOut(16).build();
    double expected = Math.sqrt(2.0 / (32 * 9));
    assertThat(deviation(layer, "W")).isCloseTo(expected, relative(expected));
  }

  @Test
  void aSchemeThatIsNotKnownIsRefused() {
    BaseLayer layer =
        new ConvolutionLayer.Builder(3, 3).nOut(8).weightInit(WeightInit.ONES).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> deviation(layer, "W"))
        .withMessageStartingWith(
            "Cannot initialise layer layer: expected the weightInit of one of he, he-fan-out, lecun,"
                + " lecun-uniform, normal, orthogonal, xavier, xavier-uniform, found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"batch", "group", "layer", "instance"})
  void blocksWhoseLastScaleIsZeroBeginAsTheirShortcuts(String normalization) {
    ComputationGraph network = Models.create(zeroLastScale("resnet-20", normalization), INPUT, 1);
    int lasts = 0;
    for (Map.Entry<String, INDArray> entry : network.paramTable().entrySet()) {
      if (entry.getKey().endsWith("_gamma")) {
        boolean isLast = entry.getKey().endsWith("-second-norm_gamma");
        lasts += isLast ? 1 : 0;
        assertThat(entry.getValue().toFloatVector())
            .as(entry.getKey())
            .containsOnly(isLast ? 0 : 1);
      }
    }
    assertThat(lasts).isEqualTo(9);
    Map<String, INDArray> values =
        network.feedForward(Nd4j.rand(DataType.FLOAT, 2, 32, 8, 8), false);
    assertThat(values.get("stage1-block3-sum")).isEqualTo(values.get("stage1-block1-sum"));
    assertThat(values.get("stage1-block1-sum").maxNumber().doubleValue()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "weight", "local-response"})
  void aLastScaleThatIsNotThereIsRefused(String normalization) {
    for (String model : List.of("resnet-20", "resnet-18", "resnet-50")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Models.configuration(zeroLastScale(model, normalization), INPUT))
          .withMessage(
              "Cannot make model "
                  + model
                  + ": zero-last-scale = true: expected off, or a normalization with a scale"
                  + " (batch, group, instance, layer).");
    }
  }

  private static ComponentSettings zeroLastScale(String model, String normalization) {
    return new ComponentSettings(
        model, Map.of("width", 4, "zero-last-scale", true, "normalization", normalization));
  }

  private static org.assertj.core.data.Offset<Double> relative(double expected) {
    return within(SAMPLING * expected);
  }

  private static double deviation(BaseLayer layer, String parameter) {
    ComputationGraph network =
        ParameterInitialization.drawn(new NetworkSketch(INPUT).then("layer", layer).classify(), 1);
    return network.getParam("layer_" + parameter).stdNumber().doubleValue();
  }
}
