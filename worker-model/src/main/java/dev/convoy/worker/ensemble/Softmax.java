package dev.convoy.worker.ensemble;

/** exp(z) / Σ exp(z). */
final class Softmax {
  private Softmax() {}

  /** Replaces logits, at least one, by the probabilities that they stand for. */
  static void replace(double[] logits) {
    double largest = logits[0];
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      logits[i] = StrictMath.exp(logits[i] - largest);
      sum += logits[i];
    }
    for (int i = 0; i < logits.length; i++) {
      logits[i] /= sum;
    }
  }
}
