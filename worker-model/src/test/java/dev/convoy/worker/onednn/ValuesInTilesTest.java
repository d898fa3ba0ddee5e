package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.model.InputShape;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;

/** What treats all pixels of a channel alike comes to the same whether they are in tiles. */
class ValuesInTilesTest {
  private static final InputShape INPUT = new InputShape(8, 12, 32, 2);
  private static final int IMAGES = 3;

  @Test
  void normalisationsFunctionsAndSums() throws Exception {
    ComputationGraph network = network();
    Random random = new Random(1);
    float[] pixels = OneConvolution.values(random, IMAGES * INPUT.values());
    float[] gradient = OneConvolution.values(random, pixels.length);
    try (LayerRun inTiles = LayerRun.inTiles(network, INPUT, IMAGES);
        LayerRun plain = new LayerRun(network, INPUT, IMAGES, 1, Precision.FLOAT32)) {
      assertThat(inTiles.areAllInTiles()).isTrue();
      inTiles.run(pixels, gradient, 1);
      float[] ofParameters = ofParameters(network);
      plain.run(pixels, gradient, 1);
      assertClose(inTiles.result(), plain.result());
      assertClose(inTiles.gradientOfImages(), plain.gradientOfImages());
      assertClose(ofParameters, ofParameters(network));
    }
  }

  @Test
  void eachPlaceOfTheTilesHasImagesOfItsOwn() {
    long[] extent = {2, 16, 8, 12};
    float[] values = new float[2 * 16 * 8 * 12];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    try (Plan plan = new Plan(2, false, Precision.FLOAT32, ParameterMemory.nowhere())) {
      Tensor images = plan.keep(plan.allocate(OneDnn.plainLayout(extent)));
      Tensor tiles = plan.keep(plan.inTiles(images));
      plan.arrange();
      plan.allocate();
      images.values().put(values);
      plan.run();
      float[] found = tiles.toArray();
      for (int i = 0; i < values.length; i++) {
        int column = i % 12;
        int row = i / 12 % 8;
        int channel = i / (12 * 8) % 16;
        int image = i / (12 * 8 * 16);
        int small = image * 16 + row % 4 * 4 + column % 4;
        int at = ((small * 2 + row / 4) * 3 + column / 4) * 16 + channel;
        assertThat(found[at]).isEqualTo(values[i]);
      }
    }
  }

  private static ComputationGraph network() {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .activation(Activation.IDENTITY)
            .graphBuilder()
            .addInputs("images")
            .addLayer("first", normalization(), "images")
            .addLayer("relu", new ActivationLayer(Activation.RELU), "first")
            .addLayer("second", normalization(), "relu")
            .addVertex(
                "sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "images", "second", "relu")
            .addLayer("tanh", new ActivationLayer(Activation.TANH), "sum")
            .addLayer(
                "output",
                new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build(),
                "tanh")
            .setOutputs("output")
            .setInputTypes(InputType.convolutional(INPUT.height(), INPUT.width(), INPUT.channels()))
            .build();
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    network.initGradientsView();
    return network;
  }

  private static BatchNormalization normalization() {
    return new BatchNormalization.Builder().useLogStd(false).build();
  }

  private static float[] ofParameters(ComputationGraph network) {
    return network.getFlattenedGradients().reshape(-1).toFloatVector();
  }

  private static void assertClose(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).as("value %d", i).isCloseTo(expected[i], within(1e-4f));
    }
  }
}
