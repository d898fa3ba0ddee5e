/**
 * Layers that Deeplearning4j does not have. Each is a configuration that is saved with the model
 * and names its class there: Deeplearning4j restores such a model where this module is on the class
 * path. Each also computes itself, slowly, so that Deeplearning4j can check it and the backend
 * {@code layers} can train it; graphs are read from the configurations alone.
 */
package dev.convoy.worker.model.layer;
