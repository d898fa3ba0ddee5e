package dev.convoy.worker.loss;

import dev.convoy.worker.Probabilities;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;

/**
 * How the last values of a network become class probabilities. All keep the order of the classes,
 * so that the class with the largest value is the answer.
 */
public enum OutputFunction {
  /** exp(z) / Σ exp(z). */
  SOFTMAX(Activation.SOFTMAX) {
    @Override
    public void apply(double[] outputs) {
      Probabilities.softmax(outputs);
    }

    @Override
    public Optional<Consumer<double[]>> inverse() {
      return Optional.of(
          values -> Arrays.setAll(values, i -> -Probabilities.crossEntropy(values[i])));
    }
  },

  /** 1 / (1 + exp -z) of each class by itself: they need not add up to 1. */
  SIGMOIDS(Activation.SIGMOID) {
    @Override
    public void apply(double[] outputs) {
      Arrays.setAll(outputs, i -> 1 / (1 + StrictMath.exp(-outputs[i])));
    }

    @Override
    public Optional<Consumer<double[]>> inverse() {
      return Optional.of(values -> Arrays.setAll(values, i -> logit(values[i])));
    }

    private static double logit(double probability) {
      return Probabilities.crossEntropy(1 - probability) - Probabilities.crossEntropy(probability);
    }
  },

  /**
   * The softmax of margins, which a loss keeps apart without asking how sure they are: the order of
   * the classes is that of the margins, the probabilities are not calibrated.
   */
  MARGINS(Activation.IDENTITY) {
    @Override
    public void apply(double[] outputs) {
      Probabilities.softmax(outputs);
    }
  },

  /**
   * The distribution that is nearest to values which estimate one: max(z - t, 0), where t is such
   * that they add up to 1 (Martins and Astudillo, "From softmax to sparsemax", 2016).
   */
  NEAREST_DISTRIBUTION(Activation.IDENTITY) {
    @Override
    public void apply(double[] outputs) {
      double[] ascending = outputs.clone();
      Arrays.sort(ascending);
      double sum = 0;
      double threshold = 0;
      for (int count = 1; count <= ascending.length; count++) {
        double value = ascending[ascending.length - count];
        sum += value;
        if (1 + count * value > sum) {
          threshold = (sum - 1) / count;
        }
      }
      for (int i = 0; i < outputs.length; i++) {
        outputs[i] = Math.max(outputs[i] - threshold, 0);
      }
    }
  };

  private final Activation layerFunction;

  OutputFunction(Activation layerFunction) {
    this.layerFunction = layerFunction;
  }

  /** The function of an output layer of Deeplearning4j's. */
  public IActivation layerFunction() {
    return layerFunction.getActivationFunction();
  }

  /** Replaces the last values of an image, by class, by class probabilities. */
  public abstract void apply(double[] outputs);

  /**
   * What replaces the class probabilities of an image by last values that become these, none nearer
   * to 0 than {@link Probabilities#FLOOR}; empty where probabilities do not tell of which values
   * they are.
   */
  public Optional<Consumer<double[]>> inverse() {
    return Optional.empty();
  }
}
