package dev.convoy.driver.trial;

import dev.convoy.driver.space.Sample;

/**
 * A run to be, one of several.
 *
 * @param number counted from 0
 * @param sample what was drawn for it, by key
 */
public record Trial(int number, Sample sample) {}
