package dev.convoy.worker.graph;

/** How the weights that a node multiplies by follow from its parameter. Immutable. */
public sealed interface Weighting {
  /** They are the parameter. */
  Weighting PLAIN = new Plain();

  /** How many parameters there are besides. */
  long parameters();

  /** They are the parameter. */
  record Plain() implements Weighting {
    @Override
    public long parameters() {
      return 0;
    }
  }

  /**
   * Weight normalisation: the weights of a unit have the direction of its parameters and a length
   * that is a parameter of its own (Salimans and Kingma 2016).
   *
   * @param length the name of the lengths, [units]
   * @param units how many there are; the parameters of each are neighbours
   */
  record Normalized(String length, long units) implements Weighting {
    @Override
    public long parameters() {
      return units;
    }
  }

  /**
   * DropConnect (Wan, Zeiler, Zhang, LeCun and Fergus 2013): weights are dropped in training. Those
   * that are kept are divided by the probability, so that expectations stay and nothing is done in
   * inference, nor where answers are sampled.
   *
   * @param number of the mask in its network; no two masks of a step are the same
   */
  record Dropped(KeyedDropout dropout, int number) implements Weighting {
    @Override
    public long parameters() {
      return 0;
    }
  }
}
