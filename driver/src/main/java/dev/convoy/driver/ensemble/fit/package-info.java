/**
 * What a combination of members learns from labelled examples: weights, a selection, a temperature,
 * a regression. Everything is a pure function of its arguments, bit for bit. Driver only.
 */
package dev.convoy.driver.ensemble.fit;
