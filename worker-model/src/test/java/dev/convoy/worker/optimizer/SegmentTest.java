package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.LongToIntFunction;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.iter.NdIndexIterator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class SegmentTest {
  private final ComputationGraph network = network();
  private final List<Segment> segments = Segment.of(network);

  @Test
  void segmentsAreTheWholeVectorInItsOrder() {
    long next = 0;
    for (Segment segment : segments) {
      assertThat(segment.offset()).as(segment.toString()).isEqualTo(next);
      next += segment.length();
    }
    assertThat(next).isEqualTo(network.numParams());
  }

  @Test
  void everySegmentKnowsItsLayerAndWhatItDoes() {
    assertThat(
            segments.stream()
                .map(one -> one.depth() + " " + one.layer() + " " + one.kind() + " " + one.length())
                .toList())
        .containsExactlyInAnyOrder(
            "0 conv WEIGHT 54",
            "0 conv BIAS 3",
            "1 norm SCALE 3",
            "1 norm SHIFT 3",
            "1 norm RUNNING_STATISTIC 3",
            "1 norm RUNNING_STATISTIC 3",
            "2 depthwise WEIGHT 24",
            "2 depthwise BIAS 6",
            "3 separable WEIGHT 48",
            "3 separable WEIGHT 60",
            "3 separable BIAS 5",
            "4 transposed WEIGHT 60",
            "4 transposed BIAS 3",
            "5 output WEIGHT 108",
            "5 output BIAS 4");
  }

  /** Every value is marked with its unit through the layer's own view of it. */
  @ParameterizedTest
  @CsvSource({
    "conv, W, 0, 0",
    "depthwise, W, 2, 3",
    "separable, W, 0, 1",
    "separable, pW, 0, 0",
    "transposed, W, 1, 1",
    "output, W, 1, 1"
  })
  void weightsKnowTheUnitThatTheyLeadTo(String layer, String parameter, int axis, int secondAxis) {
    Segment segment =
        segments.stream()
            .filter(one -> one.layer().equals(layer) && one.parameter().equals(parameter))
            .findFirst()
            .orElseThrow();
    INDArray weights = network.getParam(layer + "_" + parameter);
    long others = axis == secondAxis ? 1 : weights.size(secondAxis);
    NdIndexIterator places = new NdIndexIterator(weights.shape());
    while (places.hasNext()) {
      long[] place = places.next();
      long second = axis == secondAxis ? 0 : place[secondAxis];
      weights.putScalar(place, (int) (place[axis] * others + second));
    }
    float[] marks = network.params().toFloatVector();
    LongToIntFunction unitAt = segment.unitAt();
    Map<Integer, Float> markOfUnit = new HashMap<>();
    for (int position = 0; position < segment.length(); position++) {
      float mark = marks[Math.toIntExact(segment.offset() + position)];
      assertThat(markOfUnit.merge(unitAt.applyAsInt(position), mark, (known, same) -> known))
          .isEqualTo(mark);
    }
    assertThat(new HashSet<>(markOfUnit.values()))
        .hasSameSizeAs(markOfUnit.keySet())
        .hasSize(Math.toIntExact(weights.size(axis) * others));
    assertThat(markOfUnit.keySet()).hasSize(segment.unitCount());
  }

  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("input")
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(3, 3).nOut(3).hasBias(true).build(),
                    "input")
                .addLayer("norm", new BatchNormalization.Builder().useLogStd(false).build(), "conv")
                .addLayer(
                    "depthwise",
                    new DepthwiseConvolution2D.Builder(2, 2).depthMultiplier(2).build(),
                    "norm")
                .addLayer(
                    "separable",
                    new SeparableConvolution2D.Builder(2, 2).depthMultiplier(2).nOut(5).build(),
                    "depthwise")
                .addLayer(
                    "transposed", new Deconvolution2D.Builder(2, 2).nOut(3).build(), "separable")
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(4)
                        .build(),
                    "transposed")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(6, 6, 2))
                .build());
    network.init();
    return network;
  }
}
