package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Results and gradients are compared with formulas where all models are. */
class GrowingConcatenationStageTest {
  private static final InputShape INPUT = new InputShape(8, 8, 3, 4);
  private static final int BATCH = 3;

  /** So that a result ends within a block, and the last has three, as nothing else has. */
  private static final int CHANNELS = 9;

  private static float[] gradient(
      ComputationGraph network, CompiledNetwork compiled, float... images) {
    compiled.gradient(Images.of(images), Targets.ofClasses(new int[BATCH]), BATCH, 1);
    return network.getFlattenedGradients().data().asFloat();
  }

  /** Concatenations of which the first is read by a convolution. */
  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs("images")
                .addLayer("one", convolution(), "images")
                .addLayer("two", convolution(), "images")
                .addVertex("both", new MergeVertex(), "one", "two")
                .addLayer("three", convolution(), "both")
                .addVertex("all", new MergeVertex(), "both", "three")
                .addVertex("more", new MergeVertex(), "all", "three")
                .addLayer("four", convolution(), "more")
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(INPUT.classes())
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "four")
                .setOutputs("output")
                .setInputTypes(
                    InputType.convolutional(INPUT.height(), INPUT.width(), INPUT.channels()))
                .build());
    network.init();
    return network;
  }

  private static ConvolutionLayer convolution() {
    return new ConvolutionLayer.Builder(1, 1)
        .nOut(CHANNELS)
        .activation(Activation.IDENTITY)
        .build();
  }

  @Test
  void aBatchThatIsNoNumbersLeavesNothingBehind() throws UnsupportedNetworkException {
    ComputationGraph network = network();
    float[] images = new float[BATCH * INPUT.values()];
    Random random = new Random(2);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    float[] broken = new float[images.length];
    Arrays.fill(broken, Float.NaN);
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, INPUT, Precision.FLOAT32, false, Set.of())) {
      float[] before = gradient(network, compiled, images);
      assertThat(gradient(network, compiled, broken)).contains(Float.NaN);
      assertThat(gradient(network, compiled, images)).isEqualTo(before);
    }
  }
}
