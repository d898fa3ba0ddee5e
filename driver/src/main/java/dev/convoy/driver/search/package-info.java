/**
 * Hyperparameter search: samples of a space become trials, which are training runs; a scheduler
 * says which goes on for how long. It calls {@code TrainingRun} and nothing beneath it. Driver
 * only.
 */
package dev.convoy.driver.search;
