/**
 * Networks that are written out layer by layer in a configuration. {@link
 * dev.convoy.worker.model.written.LayerKinds} lists the kinds of layers; a new one is its own file
 * and one more line there.
 */
package dev.convoy.worker.model.written;
