package dev.convoy.worker.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.model.InputShape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

/** Convolutions of unusual shapes, some of which oneDNN gets wrong in bfloat16. */
class Bfloat16ConvolutionsTest {
  private static final int BATCH = 3;

  /** More take longer: CONTRIBUTING.md. */
  private static final int RANDOM_SHAPES = Integer.getInteger("convoy.random-convolutions", 60);

  /** Values have 8 bits, and sums of them are rounded to as many. */
  private static final double TOLERANCE = 0.02;

  /** Two numbers are {height, width}. */
  private record Shape(
      int channels, int filters, int[] image, int[] kernel, int[] stride, int[] pad, int dilation) {
    static Shape of(int... numbers) {
      return new Shape(
          numbers[0],
          numbers[1],
          new int[] {numbers[2], numbers[3]},
          new int[] {numbers[4], numbers[5]},
          new int[] {numbers[6], numbers[7]},
          new int[] {numbers[8], numbers[9]},
          numbers[10]);
    }

    static Shape random(Random random) {
      int channels = 1 + random.nextInt(70);
      int filters = 1 + random.nextInt(70);
      int[] kernel = {1 + random.nextInt(4), 1 + random.nextInt(6)};
      int[] pad = {random.nextInt(kernel[0]), random.nextInt(kernel[1])};
      int dilation = 1 + random.nextInt(6) / 5;
      int[] image = new int[2];
      for (int axis = 0; axis < 2; axis++) {
        int least = Math.max(1, (kernel[axis] - 1) * dilation + 1 - 2 * pad[axis]);
        image[axis] = least + random.nextInt(12);
      }
      int[] stride = {1 + random.nextInt(4), 1 + random.nextInt(4)};
      return new Shape(channels, filters, image, kernel, stride, pad, dilation);
    }

    ComputationGraph network() {
      ConvolutionLayer layer =
          new ConvolutionLayer.Builder(kernel, stride, pad)
              .dilation(dilation, dilation)
              .convolutionMode(ConvolutionMode.Truncate)
              .nOut(filters)
              .hasBias(false)
              .build();
      return OneConvolution.network(layer, image[0], image[1], channels);
    }

    int weights() {
      return channels * filters * kernel[0] * kernel[1];
    }
  }

  @BeforeEach
  void theProcessorMultipliesBfloat16() {
    assumeThat(CompiledNetwork.available(Precision.BFLOAT16)).isEqualTo(Precision.BFLOAT16);
  }

  /** Of each kind that was found to be wrong, then of any kind. */
  private static Stream<Shape> shapes() {
    Random random = new Random(1);
    return Stream.concat(
        Stream.of(
            Shape.of(64, 48, 2, 2, 3, 3, 1, 1, 1, 1, 1),
            Shape.of(33, 20, 4, 3, 3, 3, 1, 1, 1, 1, 1),
            Shape.of(16, 64, 7, 7, 5, 5, 1, 1, 2, 2, 1),
            Shape.of(40, 24, 8, 8, 3, 3, 1, 1, 0, 0, 1),
            Shape.of(24, 17, 5, 6, 2, 4, 1, 1, 1, 3, 1),
            Shape.of(24, 17, 5, 1, 2, 4, 1, 1, 0, 2, 1),
            Shape.of(18, 8, 9, 1, 3, 3, 2, 2, 1, 1, 1),
            Shape.of(36, 40, 7, 2, 3, 3, 3, 3, 1, 1, 1),
            Shape.of(33, 20, 9, 3, 3, 3, 4, 4, 1, 1, 1),
            Shape.of(60, 46, 12, 6, 3, 4, 3, 3, 0, 3, 1),
            Shape.of(49, 16, 8, 3, 1, 5, 1, 3, 0, 3, 1),
            Shape.of(70, 2, 11, 8, 2, 5, 3, 3, 1, 2, 1),
            Shape.of(45, 67, 8, 7, 1, 3, 2, 2, 0, 2, 1),
            Shape.of(55, 24, 9, 7, 3, 1, 3, 4, 0, 0, 1),
            Shape.of(23, 36, 10, 6, 1, 1, 2, 1, 0, 0, 1),
            Shape.of(13, 1, 12, 40, 1, 1, 2, 1, 0, 0, 1),
            Shape.of(68, 58, 12, 36, 3, 7, 1, 1, 2, 5, 2),
            Shape.of(18, 54, 1, 24, 4, 5, 1, 1, 3, 0, 2),
            Shape.of(5, 48, 4, 1, 1, 1, 2, 4, 0, 0, 1),
            Shape.of(63, 5, 6, 5, 1, 1, 1, 1, 0, 0, 1),
            Shape.of(22, 65, 5, 1, 1, 1, 1, 1, 0, 0, 1),
            Shape.of(59, 41, 6, 30, 1, 1, 1, 1, 0, 0, 1)),
        IntStream.range(0, RANDOM_SHAPES).mapToObj(i -> Shape.random(random)));
  }

  /** Results, then gradients of images and of weights, of two batches one after the other. */
  private static List<float[]> run(Shape shape, Precision precision) throws Exception {
    ComputationGraph network = shape.network();
    Random random = new Random(3);
    network.setParams(
        Nd4j.createFromArray(OneConvolution.values(random, Math.toIntExact(network.numParams())))
            .reshape(1, -1));
    InputShape input = new InputShape(shape.image()[0], shape.image()[1], shape.channels(), 2);
    try (LayerRun run = new LayerRun(network, input, BATCH, 1, precision)) {
      for (int batch = 0; batch < 2; batch++) {
        run.run(
            OneConvolution.values(random, BATCH * input.values()),
            OneConvolution.values(random, run.results()),
            1);
      }
      float[] gradient = network.getFlattenedGradients().reshape(-1).toFloatVector();
      return List.of(
          run.result(), run.gradientOfImages(), Arrays.copyOf(gradient, shape.weights()));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aConvolutionIsThatOfSinglePrecision(Shape shape) throws Exception {
    List<float[]> expected = run(shape, Precision.FLOAT32);
    List<float[]> actual = run(shape, Precision.BFLOAT16);
    for (int part = 0; part < expected.size(); part++) {
      double largest = 0;
      double difference = 0;
      for (int i = 0; i < expected.get(part).length; i++) {
        float value = expected.get(part)[i];
        largest = Math.max(largest, Math.abs(value));
        // The larger of the two is no number if one of them is none.
        difference = Math.max(difference, Math.abs(actual.get(part)[i] - value));
      }
      assertThat(difference).as("part %d", part).isLessThanOrEqualTo(TOLERANCE * largest);
    }
  }
}
