package dev.convoy.worker.model.initialization;

/** Vectors of length 1 at right angles to each other, by Gram and Schmidt. */
public final class OrthonormalVectors {
  private OrthonormalVectors() {}

  /**
   * Makes vectors orthonormal in place, in order, each with those before it. Each loses twice, so
   * that rounding leaves nothing, what it shares with them.
   *
   * @param vectors linearly independent
   */
  public static void make(double[][] vectors) {
    for (int i = 0; i < vectors.length; i++) {
      for (int pass = 0; pass < 2; pass++) {
        for (int before = 0; before < i; before++) {
          add(vectors[i], -product(vectors[i], vectors[before]), vectors[before]);
        }
      }
      double norm = Math.sqrt(product(vectors[i], vectors[i]));
      for (int j = 0; j < vectors[i].length; j++) {
        vectors[i][j] /= norm;
      }
    }
  }

  /** The scalar product of two vectors. */
  public static double product(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  /** Adds a multiple of a vector to another. */
  public static void add(double[] to, double factor, double[] vector) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * vector[i];
    }
  }
}
