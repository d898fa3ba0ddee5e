/** Predictions of all members for every example: collected once, read many times. */
package dev.convoy.driver.ensemble.predictions;
