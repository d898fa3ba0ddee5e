/**
 * What a network computes, as plain values.
 *
 * <p>A {@link dev.convoy.worker.graph.Graph} is a list of {@link dev.convoy.worker.graph.Node}s,
 * one file per kind, read from a configuration of Deeplearning4j by {@link
 * dev.convoy.worker.graph.GraphReader}; no native library is needed for that. Passes are functions
 * from graph to graph: {@link dev.convoy.worker.graph.Fusion} joins neighbours that pass over the
 * same values. A backend turns each kind of node into what it computes with.
 *
 * <p>A new kind of node is its own file, one line in {@code GraphReader} that names the layer it is
 * read from, and one file in each backend.
 */
package dev.convoy.worker.graph;
