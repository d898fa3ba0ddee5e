package dev.convoy.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.worker.model.layer.GroupedConvolution;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;

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
            "Cannot initialise layer layer: expected the weightInit of one of he, lecun, lecun-uniform,"
                + " normal, orthogonal, xavier, xavier-uniform, found");
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
