package dev.convoy.data.batch;

/**
 * What a network is to answer for some images: the class of each, or a distribution over the
 * classes for each.
 */
public final class Targets {
  private final int classes;
  private final int[] labels;
  private final float[] distributions;

  private Targets(int classes, int[] labels, float[] distributions) {
    this.classes = classes;
    this.labels = labels;
    this.distributions = distributions;
  }

  /**
   * Every image is of one class.
   *
   * @param labels of the images, counted from 0; may be longer than needed; not copied
   */
  public static Targets ofClasses(int[] labels) {
    return new Targets(0, labels, null);
  }

  /**
   * Every image has a distribution over the classes, as the answers of other networks are (Hinton,
   * Vinyals and Dean 2015, "Distilling the knowledge in a neural network", at temperature 1).
   *
   * @param distributions axes [image, class]; probabilities that add up to 1; may be longer than
   *     needed; not copied
   * @param classes how many there are
   */
  public static Targets ofDistributions(float[] distributions, int classes) {
    return new Targets(classes, null, distributions);
  }

  /** The probability that an image is to have of a class. */
  public float probability(int image, int label) {
    if (distributions != null) {
      return distributions[image * classes + label];
    }
    return label == labels[image] ? 1 : 0;
  }
}
