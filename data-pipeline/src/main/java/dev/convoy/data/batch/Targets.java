package dev.convoy.data.batch;

/**
 * What a network is to answer for some images: the class of each, or a distribution over the
 * classes for each; and how much each counts in the loss.
 */
public final class Targets {
  private final int classes;
  private final int[] labels;
  private final float[] distributions;
  private final float[] weights;

  private Targets(int classes, int[] labels, float[] distributions, float[] weights) {
    this.classes = classes;
    this.labels = labels;
    this.distributions = distributions;
    this.weights = weights;
  }

  /**
   * Every image is of one class.
   *
   * @param labels of the images, counted from 0; may be longer than needed; not copied
   */
  public static Targets ofClasses(int[] labels) {
    return new Targets(0, labels, null, null);
  }

  /**
   * Every image has a distribution over the classes, as the answers of other networks are (Hinton,
   * Vinyals and Dean 2015, "Distilling the knowledge in a neural network", at temperature 1).
   *
   * <p>Losses of deviations take any numbers in place of probabilities.
   *
   * @param distributions axes [image, class]; probabilities that add up to 1; may be longer than
   *     needed; not copied
   * @param classes how many there are
   */
  public static Targets ofDistributions(float[] distributions, int classes) {
    return new Targets(classes, null, distributions, null);
  }

  /**
   * The same with weights. The loss of a batch is Σ w·l / n, not Σ w·l / Σ w: it has no bias,
   * whatever a batch holds, and a batch of light images makes a light step.
   *
   * @param imageWeights of the images, at least 0; may be longer than needed; not copied
   */
  public Targets weighted(float[] imageWeights) {
    return new Targets(classes, labels, distributions, imageWeights);
  }

  /** How much an image counts in the loss; 1 where nothing says more. */
  public float weight(int image) {
    return weights == null ? 1 : weights[image];
  }

  /** Whether every image is of one class, which {@link #label} tells. */
  public boolean areClasses() {
    return labels != null;
  }

  /** The class of an image, where every image is of one. */
  public int label(int image) {
    return labels[image];
  }

  /** The probability that an image is to have of a class. */
  public float probability(int image, int label) {
    if (distributions != null) {
      return distributions[image * classes + label];
    }
    return label == labels[image] ? 1 : 0;
  }
}
