package dev.convoy.driver.ensemble.statistics;

/**
 * How well one class is found, or classes in the mean.
 *
 * @param precision share of the examples taken for this class that are of it; 0 if there are none
 * @param recall share of the examples of this class that are taken for it; 0 if there are none
 * @param f1 harmonic mean of precision and recall; 0 if both are
 * @param support how many examples are of this class
 */
public record ClassScores(double precision, double recall, double f1, long support) {}
