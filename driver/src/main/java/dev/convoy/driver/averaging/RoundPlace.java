package dev.convoy.driver.averaging;

import java.io.Serializable;

/**
 * Which of a run's rounds is averaged.
 *
 * @param before rounds that there were before
 * @param learningRate the mean over its steps, at least 0
 */
public record RoundPlace(long before, double learningRate) implements Serializable {}
