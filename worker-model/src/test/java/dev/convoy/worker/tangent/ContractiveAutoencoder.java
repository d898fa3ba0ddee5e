package dev.convoy.worker.tangent;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import java.util.Arrays;

/**
 * A contractive auto-encoder (Rifai, Vincent, Muller, Glorot and Bengio 2011): hidden values h =
 * σ(W x + b), from which Wᵀ h + c is to be x again. It makes ½ ‖Wᵀ h + c − x‖² + contraction · ‖J‖²
 * small in the mean over images, where J = ∂h/∂x = diag(h (1 − h)) W: hidden values change only in
 * those directions in which images differ. Plain arithmetic in double precision; the same images
 * and seed give the same bits.
 */
public final class ContractiveAutoencoder {
  private static final double ADAM_DECAY1 = 0.9;
  private static final double ADAM_DECAY2 = 0.999;
  private static final double ADAM_EPSILON = 1e-8;

  private final int inputs;
  private final int hidden;
  private final double contraction;

  /** W, a row for each hidden value; b; c. */
  private final double[] parameters;

  /**
   * How it learns.
   *
   * @param hidden values, at least 1
   * @param contraction coefficient of ‖J‖², at least 0
   * @param epochs at least 1
   * @param batchSize images in a step, at least 1
   * @param rate of Adam's steps, above 0
   */
  public record Learning(int hidden, double contraction, int epochs, int batchSize, double rate) {}

  ContractiveAutoencoder(int inputs, int hidden, double contraction, double[] parameters) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.contraction = contraction;
    this.parameters = parameters;
  }

  /** How many parameters there are. */
  static int parameterCount(int inputs, int hidden) {
    return Math.addExact(Math.multiplyExact(hidden, inputs), hidden + inputs);
  }

  /**
   * Learns images.
   *
   * @param images axes [image, value], as the network takes them
   * @param inputs values of an image
   * @param seed of the first weights, which are normal of variance 1 / inputs, and of the order
   */
  public static ContractiveAutoencoder learned(
      float[] images, int inputs, Learning learning, long seed) {
    double[] parameters = new double[parameterCount(inputs, learning.hidden())];
    KeyedRandom random = KeyedRandom.of(seed, Purpose.AUTOENCODER);
    for (int i = 0; i < learning.hidden() * inputs; i++) {
      parameters[i] = random.nextGaussian() / Math.sqrt(inputs);
    }
    ContractiveAutoencoder learned =
        new ContractiveAutoencoder(inputs, learning.hidden(), learning.contraction(), parameters);
    learned.learn(images, learning, random);
    return learned;
  }

  private void learn(float[] images, Learning learning, KeyedRandom random) {
    int[] order = new int[images.length / inputs];
    Arrays.setAll(order, i -> i);
    double[] gradient = new double[parameters.length];
    double[] first = new double[parameters.length];
    double[] second = new double[parameters.length];
    int step = 0;
    for (int epoch = 0; epoch < learning.epochs(); epoch++) {
      random.shuffle(order);
      for (int from = 0; from < order.length; from += learning.batchSize()) {
        int to = Math.min(order.length, from + learning.batchSize());
        Arrays.fill(gradient, 0);
        for (int i = from; i < to; i++) {
          derive(images, order[i] * inputs, gradient);
        }
        step++;
        double rate =
            learning.rate()
                * Math.sqrt(1 - StrictMath.pow(ADAM_DECAY2, step))
                / (1 - StrictMath.pow(ADAM_DECAY1, step));
        for (int i = 0; i < gradient.length; i++) {
          double slope = gradient[i] / (to - from);
          first[i] += (1 - ADAM_DECAY1) * (slope - first[i]);
          second[i] += (1 - ADAM_DECAY2) * (slope * slope - second[i]);
          parameters[i] -= rate * first[i] / (Math.sqrt(second[i]) + ADAM_EPSILON);
        }
      }
    }
  }

  /**
   * Adds the gradient of an image's objective.
   *
   * @param from first value of the image
   * @return the objective
   */
  double derive(float[] images, int from, double[] gradient) {
    double[] values = hidden(images, from);
    double[] errors = new double[inputs];
    int biases = hidden * inputs;
    for (int i = 0; i < inputs; i++) {
      errors[i] = parameters[biases + hidden + i] - images[from + i];
    }
    for (int unit = 0; unit < hidden; unit++) {
      for (int i = 0; i < inputs; i++) {
        errors[i] += values[unit] * parameters[unit * inputs + i];
      }
    }
    double objective = 0;
    for (int i = 0; i < inputs; i++) {
      objective += errors[i] * errors[i] / 2;
      gradient[biases + hidden + i] += errors[i];
    }
    for (int unit = 0; unit < hidden; unit++) {
      int row = unit * inputs;
      double squares = 0;
      double back = 0;
      for (int i = row; i < row + inputs; i++) {
        squares += parameters[i] * parameters[i];
        back += errors[i - row] * parameters[i];
      }
      double value = values[unit];
      double slope = value * (1 - value);
      objective += contraction * slope * slope * squares;
      double delta = slope * (back + 2 * contraction * squares * slope * (1 - 2 * value));
      double pull = 2 * contraction * slope * slope;
      for (int i = 0; i < inputs; i++) {
        gradient[row + i] +=
            value * errors[i] + delta * images[from + i] + pull * parameters[row + i];
      }
      gradient[biases + unit] += delta;
    }
    return objective;
  }

  private double[] hidden(float[] images, int from) {
    double[] values = new double[hidden];
    for (int unit = 0; unit < hidden; unit++) {
      double sum = parameters[hidden * inputs + unit];
      for (int i = 0; i < inputs; i++) {
        sum += parameters[unit * inputs + i] * images[from + i];
      }
      values[unit] = 1 / (1 + StrictMath.exp(-sum));
    }
    return values;
  }

  /**
   * How hidden values change with an image's.
   *
   * @param from first value of the image
   * @return axes [hidden value, value]
   */
  double[][] jacobian(float[] images, int from) {
    double[] values = hidden(images, from);
    double[][] jacobian = new double[hidden][inputs];
    for (int unit = 0; unit < hidden; unit++) {
      double slope = values[unit] * (1 - values[unit]);
      for (int i = 0; i < inputs; i++) {
        jacobian[unit][i] = slope * parameters[unit * inputs + i];
      }
    }
    return jacobian;
  }
}
