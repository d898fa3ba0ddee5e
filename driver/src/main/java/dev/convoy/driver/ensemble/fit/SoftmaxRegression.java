package dev.convoy.driver.ensemble.fit;

import dev.convoy.worker.Probabilities;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The objective of a multinomial logistic regression: Σ cross-entropy of softmax(xW + b) + ½‖W‖².
 * Parameters are W, axes [feature, class], followed by b.
 *
 * <p>Examples are shared out among threads in parts that do not depend on their number, and the
 * parts' sums are added in their order: the same numbers on every machine.
 */
final class SoftmaxRegression implements NewtonMethod.Objective {
  private static final int PARTS = 8;

  private final StackingExamples examples;
  private final int classes;
  private final int coefficients;

  SoftmaxRegression(StackingExamples examples, int classes) {
    this.examples = examples;
    this.classes = classes;
    this.coefficients = examples.features()[0].length * classes;
  }

  /** The sums over a part of the examples. */
  private record Sums(double[] loss, double[] gradient) {}

  @Override
  public int dimensions() {
    return coefficients + classes;
  }

  @Override
  public NewtonMethod.Evaluation at(double[] parameters) {
    double[][] probabilities = new double[examples.count()][classes];
    Sums sums = sum(part -> lossAndGradient(part, parameters, probabilities));
    double loss = sums.loss()[0];
    for (int i = 0; i < coefficients; i++) {
      loss += parameters[i] * parameters[i] / 2;
      sums.gradient()[i] += parameters[i];
    }
    return new NewtonMethod.Evaluation(
        loss, sums.gradient(), direction -> curvature(direction, probabilities));
  }

  private Sums lossAndGradient(int part, double[] parameters, double[][] probabilities) {
    Sums sums = new Sums(new double[1], new double[dimensions()]);
    double[] residuals = new double[classes];
    for (int example = first(part); example < first(part + 1); example++) {
      float[] features = examples.features()[example];
      int label = examples.labels()[example];
      logits(features, parameters, residuals);
      double logit = residuals[label];
      sums.loss()[0] += Probabilities.softmax(residuals) - logit;
      System.arraycopy(residuals, 0, probabilities[example], 0, classes);
      residuals[label]--;
      addOuter(features, residuals, sums.gradient());
    }
    return sums;
  }

  /** The Hessian times a direction. */
  private double[] curvature(double[] direction, double[][] probabilities) {
    double[] product =
        sum(part -> {
              Sums sums = new Sums(new double[1], new double[dimensions()]);
              double[] changes = new double[classes];
              for (int example = first(part); example < first(part + 1); example++) {
                logits(examples.features()[example], direction, changes);
                changeProbabilities(probabilities[example], changes);
                addOuter(examples.features()[example], changes, sums.gradient());
              }
              return sums;
            })
            .gradient();
    for (int i = 0; i < coefficients; i++) {
      product[i] += direction[i];
    }
    return product;
  }

  private Sums sum(IntFunction<Sums> ofPart) {
    List<Sums> parts = IntStream.range(0, PARTS).parallel().mapToObj(ofPart).toList();
    Sums total = parts.get(0);
    for (Sums part : parts.subList(1, PARTS)) {
      total.loss()[0] += part.loss()[0];
      for (int i = 0; i < total.gradient().length; i++) {
        total.gradient()[i] += part.gradient()[i];
      }
    }
    return total;
  }

  private int first(int part) {
    return (int) ((long) examples.count() * part / PARTS);
  }

  private void logits(float[] features, double[] parameters, double[] into) {
    System.arraycopy(parameters, coefficients, into, 0, classes);
    for (int feature = 0; feature < features.length; feature++) {
      int row = feature * classes;
      for (int i = 0; i < classes; i++) {
        into[i] += features[feature] * parameters[row + i];
      }
    }
  }

  private void addOuter(float[] features, double[] values, double[] into) {
    for (int feature = 0; feature < features.length; feature++) {
      int row = feature * classes;
      for (int i = 0; i < classes; i++) {
        into[row + i] += features[feature] * values[i];
      }
    }
    for (int i = 0; i < classes; i++) {
      into[coefficients + i] += values[i];
    }
  }

  /** Turns changes of logits into those of probabilities. */
  private static void changeProbabilities(double[] probabilities, double[] changes) {
    double mean = 0;
    for (int i = 0; i < changes.length; i++) {
      mean += probabilities[i] * changes[i];
    }
    for (int i = 0; i < changes.length; i++) {
      changes[i] = probabilities[i] * (changes[i] - mean);
    }
  }
}
