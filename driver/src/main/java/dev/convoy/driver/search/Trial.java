package dev.convoy.driver.search;

import dev.convoy.driver.space.Sample;

/**
 * One sample of the space, to be trained.
 *
 * @param number counted from 0
 * @param sample what was drawn for it
 */
public record Trial(int number, Sample sample) {}
