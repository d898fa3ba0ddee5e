package dev.convoy.worker.theory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Batch normalisation makes the loss smoother along the gradient: the gradient changes less by a
 * step (Santurkar, Tsipras, Ilyas and Madry 2018). The effective smoothness is the largest ‖∇L(θ) -
 * ∇L(θ - η∇L(θ))‖ / ‖η∇L(θ)‖.
 */
class BatchNormalizationSmoothnessTest {
  private static final int LAYERS = 10;
  private static final int WIDTH = 32;
  private static final int INPUTS = 16;
  private static final int IMAGES = 128;

  /** Rates at which both kinds learn; in much shorter steps a rectifier's kinks are not met. */
  private static final double[] RATES = {0.1, 0.4};

  @Test
  void normalisingMakesTheGradientChangeLessAlongItself() throws Exception {
    double plain = 0;
    double normalised = 0;
    for (long seed = 1; seed <= 3; seed++) {
      plain += smoothness("none", seed) / 3;
      normalised += smoothness("batch", seed) / 3;
    }
    assertThat(normalised).isLessThan(0.8 * plain);
  }

  private static double smoothness(String normalization, long seed) throws Exception {
    Map<String, Object> options =
        Map.of("hidden", Collections.nCopies(LAYERS, WIDTH), "normalization", normalization);
    Random random = new Random(seed);
    float[] vectors = new float[IMAGES * INPUTS];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = (float) random.nextGaussian();
    }
    int[] labels = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = vectors[i * INPUTS] * vectors[i * INPUTS + 1] > 0 ? 1 : 0;
    }
    double largest = 0;
    try (Perceptron network = new Perceptron(INPUTS, options, seed)) {
      for (int step = 0; step < 20; step++) {
        float[] gradient = network.gradient(vectors, labels);
        for (double rate : RATES) {
          network.step(gradient, rate / IMAGES);
          float[] there = network.gradient(vectors, labels);
          network.step(gradient, -rate / IMAGES);
          largest = Math.max(largest, distance(gradient, there) / (rate * norm(gradient)));
        }
        network.step(gradient, RATES[0] / IMAGES);
      }
    }
    return largest;
  }

  private static double norm(float[] vector) {
    return distance(vector, new float[vector.length]);
  }

  private static double distance(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.pow((double) one[i] - other[i], 2);
    }
    return Math.sqrt(sum);
  }
}
