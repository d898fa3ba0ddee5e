package dev.convoy.worker.theory;

import java.util.Random;
import java.util.function.Function;

/** Directions at images, one for each, and how a network's outputs change along them. */
final class Directions {
  private static final float STEP = 0.05f;

  private Directions() {}

  /** The same directions, of length 1. */
  static float[] unit(float[] directions, int size) {
    float[] units = directions.clone();
    for (int from = 0; from < units.length; from += size) {
      double length = Math.sqrt(dot(directions, directions, from, size));
      for (int i = from; i < from + size; i++) {
        units[i] = (float) (units[i] / length);
      }
    }
    return units;
  }

  /** Random ones of length 1, orthogonal to others. */
  static float[] orthogonal(float[][] others, int size) {
    Random random = new Random(6);
    float[] orthogonal = new float[others[0].length];
    for (int i = 0; i < orthogonal.length; i++) {
      orthogonal[i] = (float) random.nextGaussian();
    }
    for (int from = 0; from < orthogonal.length; from += size) {
      for (int pass = 0; pass < 20; pass++) { // alternating projections
        for (float[] other : others) {
          double share = dot(orthogonal, other, from, size) / dot(other, other, from, size);
          for (int i = from; i < from + size; i++) {
            orthogonal[i] -= (float) (share * other[i]);
          }
        }
      }
    }
    return unit(orthogonal, size);
  }

  /** The mean over images of ‖∂f/∂x · u‖², by central differences. */
  static double slope(Function<float[], float[]> outputs, float[] images, float[] units, int size) {
    float[] up = new float[images.length];
    float[] down = new float[images.length];
    for (int i = 0; i < images.length; i++) {
      up[i] = images[i] + STEP * units[i];
      down[i] = images[i] - STEP * units[i];
    }
    float[] above = outputs.apply(up);
    float[] below = outputs.apply(down);
    double sum = 0;
    for (int i = 0; i < above.length; i++) {
      sum += Math.pow((above[i] - below[i]) / (2 * STEP), 2);
    }
    return sum * size / images.length;
  }

  static double dot(float[] one, float[] other, int from, int size) {
    double sum = 0;
    for (int i = from; i < from + size; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }
}
