/**
 * The models that can be trained by name: each is an ordinary {@link
 * org.deeplearning4j.nn.graph.ComputationGraph} of stock Deeplearning4j layers, with one input
 * called {@code input} (float images, [batch, channels, height, width]) and one softmax output
 * called {@code output} ([batch, classes]).
 *
 * <p>An {@link dev.convoy.worker.model.Architecture} is one file: its variants with their options,
 * its blocks and the initialisation of its layers; {@link dev.convoy.worker.model.Models} lists
 * them. How a network is trained (update rule, regularisation, averaging) is decided elsewhere: the
 * configurations here carry plain SGD as a placeholder.
 */
package dev.convoy.worker.model;
