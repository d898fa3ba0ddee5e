/**
 * Ensembles: members are training runs on draws of their own, side by side; how they are combined
 * is learned from their predictions for images that they did not train on. It calls {@code
 * TrainingRun} and nothing beneath it. Driver only.
 */
package dev.convoy.driver.ensemble;
