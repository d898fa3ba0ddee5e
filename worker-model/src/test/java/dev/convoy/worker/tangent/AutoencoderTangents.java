package dev.convoy.worker.tangent;

import dev.convoy.worker.model.initialization.OrthonormalVectors;

/**
 * Tangents that were learned (the manifold tangent classifier: Rifai, Dauphin, Vincent, Bengio and
 * Muller 2011): the directions, of length 1, in which a contractive auto-encoder's hidden values
 * change most, which are the leading right singular vectors of its Jacobian at the image.
 */
public final class AutoencoderTangents implements ImageTangents {
  /** Of products with J Jᵀ: what is left of a vector behind the gap shrinks each time. */
  private static final int ITERATIONS = 100;

  private final ContractiveAutoencoder autoencoder;
  private final int count;

  /**
   * Tangents of an auto-encoder.
   *
   * @param count how many, from 1 to the number of hidden values
   */
  public AutoencoderTangents(ContractiveAutoencoder autoencoder, int count) {
    this.autoencoder = autoencoder;
    this.count = count;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void compute(float[] images, int from, int number, float[] tangent) {
    double[] vector = rightSingularVectors(autoencoder.jacobian(images, from), number + 1)[number];
    for (int i = 0; i < tangent.length; i++) {
      tangent[i] = (float) vector[i];
    }
  }

  /** Orthogonal iteration (Golub and Van Loan, "Matrix Computations") on J Jᵀ, and then Jᵀ. */
  static double[][] rightSingularVectors(double[][] jacobian, int count) {
    double[][] gram = new double[jacobian.length][jacobian.length];
    for (int row = 0; row < gram.length; row++) {
      for (int column = 0; column <= row; column++) {
        gram[row][column] = OrthonormalVectors.product(jacobian[row], jacobian[column]);
        gram[column][row] = gram[row][column];
      }
    }
    double[][] left = new double[count][];
    for (int i = 0; i < count; i++) {
      left[i] = gram[i].clone();
    }
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      for (int i = 0; i < count; i++) {
        double[] next = new double[gram.length];
        for (int row = 0; row < next.length; row++) {
          next[row] = OrthonormalVectors.product(gram[row], left[i]);
        }
        left[i] = next;
      }
      OrthonormalVectors.make(left);
    }
    double[][] right = new double[count][jacobian[0].length];
    for (int i = 0; i < count; i++) {
      for (int unit = 0; unit < jacobian.length; unit++) {
        OrthonormalVectors.add(right[i], left[i][unit], jacobian[unit]);
      }
    }
    OrthonormalVectors.make(right);
    return right;
  }
}
