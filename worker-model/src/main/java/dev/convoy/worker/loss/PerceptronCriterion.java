package dev.convoy.worker.loss;

import dev.convoy.data.batch.Targets;
import dev.convoy.worker.Probabilities;

/**
 * How much the largest value is above the wanted one, max z - Σ q z for targets q. A step against
 * its gradient is the perceptron's rule: where the answer is wrong, the image is added to the
 * weights of its class and taken off those of the answer (Rosenblatt, "The perceptron", 1958; of
 * many classes: Duda and Hart, "Pattern classification and scene analysis", 1973). The gradient is
 * s - q, where the step function s is 1 for the largest value (of equal ones the first) and 0 for
 * the others.
 */
public record PerceptronCriterion() implements Loss {
  @Override
  public double derive(double[] outputs, Targets targets, int image) {
    int answer = Probabilities.argmax(outputs);
    double loss = outputs[answer];
    for (int label = 0; label < outputs.length; label++) {
      double target = targets.probability(image, label);
      loss -= target * outputs[label];
      outputs[label] = (label == answer ? 1 : 0) - target;
    }
    return Math.max(0, loss);
  }

  /** How sure a network is of its answers, which this loss does not ask. */
  @Override
  public Loss ofValidation() {
    return new CrossEntropy();
  }
}
