package dev.convoy.driver.termination;

/**
 * A point of a learning curve.
 *
 * @param epoch begun then, counted from 1
 * @param metric then; NaN if it is no number
 */
public record CurvePoint(int epoch, double metric) {}
