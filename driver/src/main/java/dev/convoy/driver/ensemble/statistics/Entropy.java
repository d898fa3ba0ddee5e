package dev.convoy.driver.ensemble.statistics;

/**
 * Shannon's entropy, −Σ p ln p, in nats: from 0 for a sure answer to ln(classes) for none. A class
 * without probability adds nothing.
 */
final class Entropy {
  private Entropy() {}

  /** Of one answer. */
  static double of(double[] probabilities) {
    double entropy = 0;
    for (double probability : probabilities) {
      entropy -= term(probability);
    }
    return entropy;
  }

  /** Of an answer that stands among others. */
  static double of(float[] probabilities, int from, int classes) {
    double entropy = 0;
    for (int i = from; i < from + classes; i++) {
      entropy -= term(probabilities[i]);
    }
    return entropy;
  }

  /** Of the mean of two answers. */
  static double ofMean(float[] probabilities, int from, int otherFrom, int classes) {
    double entropy = 0;
    for (int i = 0; i < classes; i++) {
      entropy -= term(((double) probabilities[from + i] + probabilities[otherFrom + i]) / 2);
    }
    return entropy;
  }

  private static double term(double probability) {
    return probability > 0 ? probability * StrictMath.log(probability) : 0;
  }
}
