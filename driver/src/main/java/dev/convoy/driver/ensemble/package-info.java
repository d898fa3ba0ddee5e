/**
 * Ensembles: members are training runs on draws of their own, side by side; what they say of images
 * that they did not train on decides how they answer as one. It calls {@code TrainingRun} and
 * nothing beneath it. Driver only.
 */
package dev.convoy.driver.ensemble;
