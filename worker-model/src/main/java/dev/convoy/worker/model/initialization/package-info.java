/**
 * How weights are drawn before they learn. A way to draw them is a file here and a line in {@link
 * dev.convoy.worker.model.initialization.Initializations}.
 */
package dev.convoy.worker.model.initialization;
