/** A run's network as plain Deeplearning4j trains it, for baselines. */
package dev.convoy.driver.stock;
