package dev.convoy.driver.averaging;

/** What becomes of the workers' running statistics of batch normalisation. */
public enum StatisticsAveraging {
  /**
   * The moments of all workers' batches together: with weights p, means μ and variances σ² of the
   * workers, the mean is Σ pμ and the variance Σ pσ² + Σ p(μ − Σ pμ)², which has what differs
   * between the workers.
   */
  MOMENTS,
  /** The mean of the means and of the variances. */
  MEAN,
  /**
   * As moments, and before every validation measured anew on the training images for the weights
   * that are validated.
   */
  MEASURED
}
