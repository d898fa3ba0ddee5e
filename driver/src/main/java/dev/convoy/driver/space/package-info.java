/**
 * The hyperparameter search space: distributions written where values would stand, and samples of
 * them. A space is a pure value; a sample is a pure function of the space, a seed and the trial's
 * number. Driver only.
 */
package dev.convoy.driver.space;
