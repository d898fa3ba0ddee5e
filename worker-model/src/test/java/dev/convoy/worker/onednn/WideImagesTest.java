package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.model.InputShape;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WideImagesTest {
  private static final int BATCH = 5;

  /** Channels, filters, height, width, kernel's height and width, padding, and which precision. */
  @ParameterizedTest
  @CsvSource({
    "16, 32, 2, 2, 3, 3, 1, FLOAT32",
    "24, 20, 4, 1, 3, 3, 1, FLOAT32",
    "3, 5, 3, 2, 2, 2, 1, FLOAT32",
    "16, 16, 6, 2, 5, 5, 2, FLOAT32",
    "8, 40, 3, 2, 3, 2, 0, FLOAT32",
    "16, 32, 2, 2, 3, 3, 1, BFLOAT16",
    "33, 20, 4, 4, 3, 3, 1, BFLOAT16",
    "64, 16, 8, 8, 3, 3, 1, BFLOAT16",
    "16, 24, 7, 7, 5, 5, 2, BFLOAT16",
    "16, 24, 6, 8, 3, 3, 0, BFLOAT16"
  })
  void aBatchGivesTheSumOfItsImagesGradients(
      int channels,
      int filters,
      int height,
      int width,
      int kernelHeight,
      int kernelWidth,
      int padding,
      Precision precision)
      throws Exception {
    assumeThat(CompiledNetwork.available(precision)).isEqualTo(precision);
    ConvolutionLayer layer =
        new ConvolutionLayer.Builder(kernelHeight, kernelWidth)
            .padding(padding, padding)
            .convolutionMode(ConvolutionMode.Truncate)
            .nOut(filters)
            .build();
    ComputationGraph network = OneConvolution.network(layer, height, width, channels);
    InputShape input = new InputShape(height, width, channels, 2);
    int weights = filters * (channels * kernelHeight * kernelWidth + 1);
    Random random = new Random(1);
    float[] pixels = OneConvolution.values(random, BATCH * input.values());
    try (LayerRun whole = new LayerRun(network, input, BATCH, 1, precision);
        LayerRun one = new LayerRun(network, input, 1, 1, precision)) {
      float[] gradient = OneConvolution.values(random, whole.results());
      double[] sums = new double[weights];
      double largest = 0;
      for (int image = 0; image < BATCH; image++) {
        one.run(part(pixels, image), part(gradient, image), 1);
        float[] ofImage = gradient(network);
        for (int i = 0; i < weights; i++) {
          sums[i] += ofImage[i];
          largest = Math.max(largest, Math.abs(ofImage[i]));
        }
      }
      // Twice: what the first run leaves between the images must not count in the second.
      whole.run(OneConvolution.values(random, pixels.length), gradient, 1);
      whole.run(pixels, gradient, 1);
      float[] together = gradient(network);
      for (int i = 0; i < weights; i++) {
        assertThat(Math.abs(together[i] - sums[i])).isLessThanOrEqualTo(2e-6 * BATCH * largest);
      }
    }
  }

  private static float[] part(float[] batch, int image) {
    int each = batch.length / BATCH;
    return Arrays.copyOfRange(batch, image * each, (image + 1) * each);
  }

  private static float[] gradient(ComputationGraph network) {
    return network.getFlattenedGradients().reshape(-1).toFloatVector();
  }
}
