package dev.convoy.worker.ensemble;

/**
 * A combination whose answer is softened: softmax(log p / temperature); probabilities count as
 * {@value Combination#SMALLEST_PROBABILITY} at least.
 *
 * @param combination of the members
 * @param temperature above 0
 */
record Tempered(Combination combination, double temperature) implements Combination {
  @Override
  public void combine(float[] probabilities, boolean[] parts, double[] into) {
    combination.combine(probabilities, parts, into);
    for (int i = 0; i < into.length; i++) {
      into[i] = StrictMath.log(Math.max(into[i], SMALLEST_PROBABILITY)) / temperature;
    }
    Softmax.replace(into);
  }
}
