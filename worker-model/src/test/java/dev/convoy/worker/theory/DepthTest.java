package dev.convoy.worker.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DepthTest {
  private static final int LAYERS = 8;

  /** Hochreiter 1991; Bengio, Simard and Frasconi 1994. */
  @Test
  void aSigmoidPassesAQuarterOfTheGradientAtMost() throws Exception {
    try (Perceptron chain = chain("sigmoid")) {
      chain.gradient(new float[] {0.5f}, new int[] {0});
      double value = 0.5;
      for (int layer = 1; layer < LAYERS; layer++) {
        value = sigmoid(value);
        double passed = bias(chain, layer) / bias(chain, layer + 1);
        // With weights of 1, what comes through is the derivative of the layer's sigmoid.
        double derivative = value * (1 - value);
        assertThat(passed).isLessThanOrEqualTo(0.25).isCloseTo(derivative, within(1e-5));
      }
      assertThat(bias(chain, 1) / bias(chain, LAYERS)).isLessThan(Math.pow(0.25, LAYERS - 1));
    }
  }

  @Test
  void aRectifierPassesAllOfTheGradient() throws Exception {
    try (Perceptron chain = chain("relu")) {
      chain.gradient(new float[] {0.5f}, new int[] {0});
      assertThat(bias(chain, 1)).isCloseTo(bias(chain, LAYERS), within(1e-6));
    }
  }

  private static Perceptron chain(String activation) throws Exception {
    Perceptron chain =
        new Perceptron(
            1, Map.of("hidden", Collections.nCopies(LAYERS, 1), "activation", activation), 1);
    for (int layer = 1; layer <= LAYERS; layer++) {
      chain.set("dense" + layer, new double[][] {{1}}, 0);
    }
    chain.set("output", new double[][] {{0, 1}}, 0, 0);
    return chain;
  }

  private static double sigmoid(double value) {
    return 1 / (1 + Math.exp(-value));
  }

  private static double bias(Perceptron chain, int layer) {
    return chain.gradientOf("dense" + layer, "b").getDouble(0);
  }

  /**
   * The map x to 1 - |2x - 1| takes two rectifiers; applied to itself it has twice as many slopes
   * (Telgarsky 2016; Montúfar et al. 2014). A single layer needs a rectifier for each of them.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyLayerDoublesTheOscillations(int layers) throws Exception {
    try (Perceptron triangles =
        new Perceptron(1, Map.of("hidden", Collections.nCopies(layers, 2)), 1)) {
      triangles.set("dense1", new double[][] {{1, 1}}, 0, -0.5);
      for (int layer = 2; layer <= layers; layer++) {
        triangles.set("dense" + layer, new double[][] {{2, 2}, {-4, -4}}, 0, -0.5);
      }
      triangles.set("output", new double[][] {{0, 2}, {0, -4}}, 0, -0.5);
      assertThat(crossings(triangles.answers(grid(5000)))).isEqualTo(1 << layers);
    }
  }

  private static int crossings(double[] values) {
    int crossings = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > 0 != values[i - 1] > 0) {
        crossings++;
      }
    }
    return crossings;
  }

  /**
   * A difference of two steep sigmoids is a rectangle, and rectangles approximate any continuous
   * function: twice as many of half the width have half the error (Cybenko 1989).
   */
  @Test
  void rectanglesOfSigmoidsApproximateAFunction() throws Exception {
    DoubleUnaryOperator function = x -> Math.sin(2 * Math.PI * x);
    double before = rectangleError(function, 25);
    for (int units : List.of(50, 100, 200)) {
      double error = rectangleError(function, units);
      double slope = 2 * Math.PI;
      assertThat(error).isLessThan(slope / units);
      assertThat(before / error).isCloseTo(2, within(0.2));
      before = error;
    }
  }

  private static double rectangleError(DoubleUnaryOperator function, int units) throws Exception {
    double steepness = 1e5;
    double[][] steps = new double[1][units];
    double[] begins = new double[units];
    double[][] heights = new double[units][2];
    double last = 0;
    for (int unit = 0; unit < units; unit++) {
      double begin = unit / (double) units;
      double height = function.applyAsDouble(begin + 0.5 / units);
      steps[0][unit] = steepness;
      begins[unit] = -steepness * begin;
      heights[unit][1] = height - last;
      last = height;
    }
    try (Perceptron rectangles =
        new Perceptron(1, Map.of("hidden", List.of(units), "activation", "sigmoid"), 1)) {
      rectangles.set("dense1", steps, begins);
      rectangles.set("output", heights, 0, 0);
      float[] places = grid(2000);
      double[] answers = rectangles.answers(places);
      double largest = 0;
      for (int i = 0; i < places.length; i++) {
        largest = Math.max(largest, Math.abs(answers[i] - function.applyAsDouble(places[i])));
      }
      return largest;
    }
  }

  /** From 0 to 1, without both. */
  private static float[] grid(int count) {
    float[] grid = new float[count];
    for (int i = 0; i < count; i++) {
      grid[i] = (i + 0.5f) / count;
    }
    return grid;
  }
}
