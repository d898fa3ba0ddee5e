package dev.convoy.driver.ensemble.statistics;

/** The class that an answer stands for: its most probable one, the lowest index of equals. */
final class MostProbable {
  private MostProbable() {}

  /** Of one answer. */
  static int of(double[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Of an answer that stands among others. */
  static int of(float[] probabilities, int from, int classes) {
    int best = 0;
    for (int i = 1; i < classes; i++) {
      if (probabilities[from + i] > probabilities[from + best]) {
        best = i;
      }
    }
    return best;
  }
}
