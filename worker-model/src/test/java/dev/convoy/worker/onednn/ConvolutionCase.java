package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.model.InputShape;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiPredicate;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A convolution, to be compared with its formula in double precision.
 *
 * @param edge rows and columns of a kernel
 * @param padding rows and columns around the images
 */
record ConvolutionCase(
    int edge,
    int channels,
    int filters,
    int height,
    int width,
    int padding,
    int images,
    boolean hasBias) {

  /** The components in their order. */
  static ConvolutionCase of(ArgumentsAccessor arguments) {
    return new ConvolutionCase(
        arguments.getInteger(0),
        arguments.getInteger(1),
        arguments.getInteger(2),
        arguments.getInteger(3),
        arguments.getInteger(4),
        arguments.getInteger(5),
        arguments.getInteger(6),
        arguments.getBoolean(7));
  }

  /** Results and gradients agree with the formula, and repeat bit for bit. */
  void agreesWithTheFormula(double tolerance) throws Exception {
    ComputationGraph network = network();
    try (LayerRun run = new LayerRun(network, input(), images, 1, Precision.FLOAT32)) {
      agreesWithTheFormula(network, run, tolerance);
    }
  }

  /** The same of images and results in tiles. */
  void agreesInTiles(double tolerance) throws Exception {
    ComputationGraph network = network();
    try (LayerRun run = LayerRun.inTiles(network, input(), images)) {
      agreesWithTheFormula(network, run, tolerance);
    }
  }

  private void agreesWithTheFormula(ComputationGraph network, LayerRun run, double tolerance) {
    Random random = new Random(1);
    float[] parameters = OneConvolution.values(random, biases() + filters * channels * edge * edge);
    network
        .params()
        .get(NDArrayIndex.all(), NDArrayIndex.interval(0, parameters.length))
        .assign(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
    float[] pixels = OneConvolution.values(random, images * input().values());
    float[] gradient = OneConvolution.values(random, run.results());
    Formula formula = new Formula(parameters);
    formula.compute(pixels, gradient);
    // Twice: what the first run leaves beyond the images must not count in the second.
    run.run(OneConvolution.values(random, pixels.length), gradient, 1);
    run.run(pixels, gradient, 1);
    float[] results = run.result();
    float[] ofImages = run.gradientOfImages();
    float[] ofParameters = gradient(network);
    assertClose(results, formula.results, tolerance);
    assertClose(ofImages, formula.ofPixels, tolerance);
    assertClose(Arrays.copyOf(ofParameters, parameters.length), formula.ofParameters, tolerance);
    run.run(pixels, gradient, 1);
    assertThat(run.result()).isEqualTo(results);
    assertThat(run.gradientOfImages()).isEqualTo(ofImages);
    assertThat(gradient(network)).isEqualTo(ofParameters);
  }

  /** Whether something holds for it where it is trained. */
  boolean is(BiPredicate<ConvolutionNode, Plan> asked) throws Exception {
    Graph graph = GraphReader.read(network().getConfiguration(), input());
    try (Plan plan = new Plan(images, true, Precision.FLOAT32, ParameterMemory.nowhere())) {
      return graph.nodes().stream()
          .anyMatch(
              node -> node instanceof ConvolutionNode convolution && asked.test(convolution, plan));
    }
  }

  private ComputationGraph network() {
    ConvolutionLayer layer =
        new ConvolutionLayer.Builder(edge, edge)
            .padding(padding, padding)
            .convolutionMode(ConvolutionMode.Truncate)
            .nOut(filters)
            .hasBias(hasBias)
            .build();
    return OneConvolution.network(layer, height, width, channels);
  }

  private InputShape input() {
    return new InputShape(height, width, channels, 2);
  }

  private int biases() {
    return hasBias ? filters : 0;
  }

  private static float[] gradient(ComputationGraph network) {
    return network.getFlattenedGradients().reshape(-1).toFloatVector();
  }

  private static void assertClose(float[] found, double[] expected, double tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(found[i] - expected[i]) <= tolerance * largest)) {
        fail("value %d is %s instead of %s", i, found[i], expected[i]);
      }
    }
  }

  /** The convolution and its gradients in double precision, product by product. */
  private final class Formula {
    private final float[] parameters;
    private final double[] results;
    private final double[] ofPixels;
    private final double[] ofParameters;

    Formula(float[] parameters) {
      this.parameters = parameters;
      int shorter = edge - 1 - 2 * padding;
      results = new double[images * filters * (height - shorter) * (width - shorter)];
      ofPixels = new double[images * channels * height * width];
      ofParameters = new double[parameters.length];
    }

    void compute(float[] pixels, float[] gradient) {
      int at = 0;
      for (int image = 0; image < images; image++) {
        for (int filter = 0; filter < filters; filter++) {
          for (int y = -padding; y <= height + padding - edge; y++) {
            for (int x = -padding; x <= width + padding - edge; x++) {
              if (hasBias) {
                results[at] = parameters[filter];
                ofParameters[filter] += gradient[at];
              }
              for (int channel = 0; channel < channels; channel++) {
                int plane = (image * channels + channel) * height;
                int kernel = biases() + (filter * channels + channel) * edge * edge;
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
      for (int i = 0; i < edge * edge; i++) {
        int row = y + i / edge;
        int column = x + i % edge;
        if (row >= 0 && row < height && column >= 0 && column < width) {
          int pixel = (plane + row) * width + column;
          results[at] += (double) pixels[pixel] * parameters[kernel + i];
          ofPixels[pixel] += (double) gradient[at] * parameters[kernel + i];
          ofParameters[kernel + i] += (double) gradient[at] * pixels[pixel];
        }
      }
    }
  }
}
