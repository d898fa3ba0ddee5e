package dev.convoy.driver.ensemble.statistics;

/**
 * The squared error, taken apart (Geman, Bienenstock and Doursat, "Neural Networks and the
 * Bias/Variance Dilemma", Neural Computation 4, 1992): {@code loss = noise + squaredBias +
 * variance}. All are sums over classes and means over examples, at least 0, NaN without examples.
 *
 * @param loss mean over members of Σ (probability − [class is the label])²: without noise the mean
 *     of their {@linkplain Scores#brier Brier scores} where all take part in all examples; from 0
 *     to 2
 * @param noise Σ P(class) · (1 − P(class)) of the label's distribution
 * @param squaredBias squared difference of the members' mean from the label's distribution: without
 *     noise the Brier score of a soft vote
 * @param variance mean over members of their squared difference from the members' mean: what a soft
 *     vote gains
 */
public record SquaredDecomposition(
    double loss, double noise, double squaredBias, double variance) {}
