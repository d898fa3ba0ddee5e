package dev.convoy.worker.loss;

import dev.convoy.data.batch.Targets;
import dev.convoy.worker.Probabilities;

/**
 * Cross-entropy of the softmax, -Σ q ln p in nats for targets q and probabilities p; its gradient
 * is p - q where q adds up to 1.
 */
public record CrossEntropy() implements Loss {
  @Override
  public double derive(double[] logits, Targets targets, int image) {
    Probabilities.softmax(logits);
    double loss = 0;
    for (int label = 0; label < logits.length; label++) {
      double target = targets.probability(image, label);
      if (target != 0) { // of a single label, the others take no time
        loss += target * Probabilities.crossEntropy(logits[label]);
      }
      logits[label] -= target;
    }
    return loss;
  }
}
