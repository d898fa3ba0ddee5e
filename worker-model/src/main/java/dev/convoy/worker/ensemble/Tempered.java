package dev.convoy.worker.ensemble;

import dev.convoy.worker.Probabilities;

/**
 * A combination whose answer is softened: softmax(log p / temperature); probabilities count as
 * {@value Probabilities#FLOOR} at least.
 *
 * @param combination of the members
 * @param temperature above 0
 */
record Tempered(Combination combination, double temperature) implements Combination {
  @Override
  public void combine(float[] probabilities, boolean[] parts, double[] into) {
    combination.combine(probabilities, parts, into);
    for (int i = 0; i < into.length; i++) {
      into[i] = -Probabilities.crossEntropy(into[i]) / temperature;
    }
    Probabilities.softmax(into);
  }
}
