package dev.convoy.worker.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.worker.optimizer.Segment.Kind;
import java.util.List;
import java.util.function.LongToIntFunction;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
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
            "2 output WEIGHT 192",
            "2 output BIAS 4");
  }

  /** Every value is marked with its unit through the layer's own view of it. */
  @Test
  void weightsKnowTheUnitThatTheyLeadTo() {
    for (Segment segment : segments) {
      if (segment.kind() != Kind.WEIGHT) {
        continue;
      }
      INDArray weights = network.getParam(segment.layer() + "_" + segment.parameter());
      int axis = segment.layer().equals("conv") ? 0 : 1;
      for (int unit = 0; unit < weights.size(axis); unit++) {
        weights.slice(unit, axis).assign(unit);
      }
      float[] marks = network.params().toFloatVector();
      LongToIntFunction unitAt = segment.unitAt();
      assertThat(segment.units()).isEqualTo((int) weights.size(axis));
      assertThat(LongStream.range(0, segment.length()).mapToObj(unitAt::applyAsInt))
          .containsExactlyElementsOf(
              LongStream.range(0, segment.length())
                  .mapToObj(position -> (int) marks[(int) (segment.offset() + position)])
                  .toList());
    }
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
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(4)
                        .build(),
                    "norm")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(6, 6, 2))
                .build());
    network.init();
    return network;
  }
}
