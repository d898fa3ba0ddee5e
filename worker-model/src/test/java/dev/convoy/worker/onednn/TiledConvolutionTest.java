package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.model.InputShape;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class TiledConvolutionTest {
  private static final int EDGE = 3;

  /** In parts of the largest value. */
  private static final double TOLERANCE = 5e-6;

  /** Channels, filters, height, width, padding, images, and whether there is a bias. */
  @ParameterizedTest
  @CsvSource({
    "32, 48, 16, 16, 1, 4, false",
    "48, 32, 14, 14, 1, 5, true",
    "32, 32, 13, 10, 1, 6, true",
    "32, 32, 18, 15, 0, 4, false",
    "32, 32, 12, 11, 2, 5, true",
    "128, 64, 8, 8, 1, 20, true"
  })
  void agreesWithTheFormula(
      int channels, int filters, int height, int width, int padding, int images, boolean hasBias)
      throws Exception {
    assumeThat(OneDnn.hasAvx2()).isTrue();
    ConvolutionLayer layer =
        new ConvolutionLayer.Builder(EDGE, EDGE)
            .padding(padding, padding)
            .convolutionMode(ConvolutionMode.Truncate)
            .nOut(filters)
            .hasBias(hasBias)
            .build();
    ComputationGraph network = OneConvolution.network(layer, height, width, channels);
    InputShape input = new InputShape(height, width, channels, 2);
    requireTiles(network, input, images);
    Random random = new Random(1);
    int biases = hasBias ? filters : 0;
    float[] parameters = OneConvolution.values(random, biases + filters * channels * EDGE * EDGE);
    network
        .params()
        .get(NDArrayIndex.all(), NDArrayIndex.interval(0, parameters.length))
        .assign(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
    float[] pixels = OneConvolution.values(random, images * input.values());
    try (LayerRun run = new LayerRun(network, input, images, 1, Precision.FLOAT32)) {
      float[] gradient = OneConvolution.values(random, run.results());
      Formula formula =
          new Formula(
              new int[] {images, channels, height, width}, filters, padding, biases, parameters);
      formula.compute(pixels, gradient);
      // Twice: what the first run leaves beyond the images must not count in the second.
      run.run(OneConvolution.values(random, pixels.length), gradient, 1);
      run.run(pixels, gradient, 1);
      assertClose(run.result(), formula.results);
      assertClose(run.gradientOfImages(), formula.ofPixels);
      assertClose(
          Arrays.copyOf(
              network.getFlattenedGradients().reshape(-1).toFloatVector(), parameters.length),
          formula.ofParameters);
      float[] results = run.result();
      float[] ofImages = run.gradientOfImages();
      float[] ofParameters = network.getFlattenedGradients().reshape(-1).toFloatVector();
      run.run(pixels, gradient, 1);
      assertThat(run.result()).isEqualTo(results);
      assertThat(run.gradientOfImages()).isEqualTo(ofImages);
      assertThat(network.getFlattenedGradients().reshape(-1).toFloatVector())
          .isEqualTo(ofParameters);
    }
  }

  private static void requireTiles(ComputationGraph network, InputShape input, int images)
      throws Exception {
    Graph graph = GraphReader.read(network.getConfiguration(), input);
    try (Plan plan = new Plan(images, true, Precision.FLOAT32, ParameterMemory.nowhere())) {
      assertThat(graph.nodes())
          .anyMatch(
              node ->
                  node instanceof ConvolutionNode convolution
                      && TiledConvolution.pays(convolution, plan));
    }
  }

  private static void assertClose(float[] found, double[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(found[i] - expected[i]) <= TOLERANCE * largest)) {
        fail("value %d is %s instead of %s", i, found[i], expected[i]);
      }
    }
  }

  /** A convolution and its gradients in double precision, product by product. */
  private static final class Formula {
    private final int[] images;
    private final int filters;
    private final int padding;
    private final int biases;
    private final float[] parameters;
    private final double[] results;
    private final double[] ofPixels;
    private final double[] ofParameters;

    /**
     * @param images axes [images, channels, height, width]
     * @param biases how many of the parameters are biases, the first ones
     */
    Formula(int[] images, int filters, int padding, int biases, float[] parameters) {
      this.images = images;
      this.filters = filters;
      this.padding = padding;
      this.biases = biases;
      this.parameters = parameters;
      int shorter = EDGE - 1 - 2 * padding;
      results = new double[images[0] * filters * (images[2] - shorter) * (images[3] - shorter)];
      ofPixels = new double[images[0] * images[1] * images[2] * images[3]];
      ofParameters = new double[parameters.length];
    }

    void compute(float[] pixels, float[] gradient) {
      int channels = images[1];
      int at = 0;
      for (int image = 0; image < images[0]; image++) {
        for (int filter = 0; filter < filters; filter++) {
          for (int y = -padding; y <= images[2] + padding - EDGE; y++) {
            for (int x = -padding; x <= images[3] + padding - EDGE; x++) {
              if (biases > 0) {
                results[at] = parameters[filter];
                ofParameters[filter] += gradient[at];
              }
              for (int channel = 0; channel < channels; channel++) {
                int plane = (image * channels + channel) * images[2];
                int kernel = biases + (filter * channels + channel) * EDGE * EDGE;
                add(pixels, gradient, at, plane, kernel, y, x);
              }
              at++;
            }
          }
        }
      }
    }

    /** The products of one kernel at one place. */
    private void add(
        float[] pixels, float[] gradient, int at, int plane, int kernel, int y, int x) {
      for (int i = 0; i < EDGE * EDGE; i++) {
        int row = y + i / EDGE;
        int column = x + i % EDGE;
        if (row >= 0 && row < images[2] && column >= 0 && column < images[3]) {
          int pixel = (plane + row) * images[3] + column;
          results[at] += (double) pixels[pixel] * parameters[kernel + i];
          ofPixels[pixel] += (double) gradient[at] * parameters[kernel + i];
          ofParameters[kernel + i] += (double) gradient[at] * pixels[pixel];
        }
      }
    }
  }
}
