package dev.convoy.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.batch.Images;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.onednn.CompiledNetwork;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Poolings whose last windows may reach over the edge: on each axis by itself. */
class MaximumToTheEdgeTest {
  private static final int STRIDE = 2;

  /** Windows of PyTorch's ceil_mode without padding: the last one begins in the image. */
  private static int windows(int extent, int kernel) {
    int windows = (extent - kernel + STRIDE - 1) / STRIDE + 1;
    return (windows - 1) * STRIDE < extent ? windows : windows - 1;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void imagesOfAnySidesHaveTheWindowsOfCeilMode(int kernel) {
    for (int height = 3; height <= 10; height++) {
      for (int width = 3; width <= 10; width++) {
        NetworkSketch sketch =
            new NetworkSketch(new InputShape(height, width, 1, 2))
                .maximumToTheEdge("pool", kernel, STRIDE);
        assertThat(sketch.rows()).as("of %d", height).isEqualTo(windows(height, kernel));
        assertThat(sketch.columns()).as("of %d", width).isEqualTo(windows(width, kernel));
        assertThat(sketch.last()).isEqualTo("pool");
      }
    }
  }

  @Test
  void seriesArePooledToTheirEnds() {
    for (int length = 3; length <= 10; length++) {
      NetworkSketch sketch =
          new NetworkSketch(new InputShape(1, length, 1, 2)).maximumToTheEdge("pool", 3, STRIDE);
      assertThat(sketch.rows()).isOne();
      assertThat(sketch.columns()).as("of %d", length).isEqualTo(windows(length, 3));
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 8, 3", "8, 5, 3", "5, 7, 3", "6, 8, 3", "6, 7, 2", "7, 6, 2", "1, 8, 3"})
  void theLargestValueOfEachWindowIsTaken(int height, int width, int kernel) throws Exception {
    InputShape input = new InputShape(height, width, 1, 2);
    NetworkSketch sketch = new NetworkSketch(input).maximumToTheEdge("pool", kernel, STRIDE);
    ComputationGraph network = new ComputationGraph(sketch.classify());
    network.init();
    float[] pixels = new float[height * width];
    Random random = new Random(3);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = -1 - random.nextFloat(); // smaller than padding with zeros
    }
    INDArray image = Nd4j.createFromArray(pixels).reshape(1, 1, height, width);
    INDArray pooled = network.feedForward(image, false).get("pool");
    int kernelRows = height == 1 ? 1 : kernel;
    for (int row = 0; row < windows(height, kernelRows); row++) {
      for (int column = 0; column < windows(width, kernel); column++) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int y = row * STRIDE; y < Math.min(height, row * STRIDE + kernelRows); y++) {
          for (int x = column * STRIDE; x < Math.min(width, column * STRIDE + kernel); x++) {
            largest = Math.max(largest, pixels[y * width + x]);
          }
        }
        assertThat(pooled.getFloat(0, 0, row, column)).isEqualTo(largest);
      }
    }
    float[] expected = network.output(image)[0].toFloatVector();
    try (CompiledNetwork compiled =
        CompiledNetwork.compile(network, input, Precision.FLOAT32, false, Set.of())) {
      float[] found = compiled.probabilities(Images.of(pixels), 1);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(1e-6f));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"120, 160, 7, 10", "160, 120, 10, 7", "224, 224, 14, 14"})
  void googlenetSeesTheWholeOfRectangularImages(int height, int width, int rows, int columns) {
    InputShape input = new InputShape(height, width, 3, 2);
    var configuration = Models.configuration(ComponentSettings.defaults("googlenet"), input);
    var pooled =
        (InputTypeConvolutional) configuration.getLayerActivationTypes(images(input)).get("pool3");
    assertThat(pooled.getHeight()).isEqualTo(rows);
    assertThat(pooled.getWidth()).isEqualTo(columns);
  }

  private static InputType images(InputShape input) {
    return InputType.convolutional(input.height(), input.width(), input.channels());
  }
}
