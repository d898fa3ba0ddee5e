package dev.convoy.driver.averaging;

import java.io.Serializable;

/**
 * Which of a run's rounds is averaged.
 *
 * @param before rounds that there were before
 * @param learningRate the mean over its steps, at least 0
 * @param workers of the run that have images, whether these last for this round or not; at least 1
 */
public record RoundPlace(long before, double learningRate, int workers) implements Serializable {}
