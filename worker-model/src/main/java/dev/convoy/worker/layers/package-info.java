/**
 * Deeplearning4j's own layers as the last backend: they compute every network that Deeplearning4j
 * can, an order of magnitude slower than a compiled one.
 */
package dev.convoy.worker.layers;
