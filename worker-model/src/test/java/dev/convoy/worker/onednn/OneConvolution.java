package dev.convoy.worker.onednn;

import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Networks of one convolution, for a {@link LayerRun}, and numbers for them. */
final class OneConvolution {
  private OneConvolution() {}

  static ComputationGraph network(ConvolutionLayer layer, int height, int width, int channels) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .updater(new NoOp())
                .activation(Activation.IDENTITY)
                .graphBuilder()
                .addInputs("images")
                .addLayer("layer", layer, "images")
                .addLayer(
                    "output",
                    new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(2)
                        .build(),
                    "layer")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(height, width, channels))
                .build());
    network.init();
    return network;
  }

  /** Numbers that bfloat16 holds, about one in size. */
  static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] =
          Float.intBitsToFloat(Float.floatToIntBits((float) random.nextGaussian()) & 0xffff0000);
    }
    return values;
  }
}
