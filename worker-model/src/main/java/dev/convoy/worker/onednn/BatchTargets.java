package dev.convoy.worker.onednn;

/** What a network is to answer for the images of a batch: a distribution over the classes each. */
@FunctionalInterface
interface BatchTargets {
  /**
   * The probability that an image is to have of a class.
   *
   * @param example the image's place in the batch
   * @param label the class, counted from 0
   */
  float probability(int example, int label);

  /** Each image is of one class. */
  static BatchTargets ofLabels(int[] labels) {
    return (example, label) -> label == labels[example] ? 1 : 0;
  }

  /**
   * Each image has a distribution of its own.
   *
   * @param probabilities axes [batch, classes]; kept, not copied
   */
  static BatchTargets ofDistributions(float[] probabilities, int classes) {
    return (example, label) -> probabilities[example * classes + label];
  }
}
