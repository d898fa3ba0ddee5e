/**
 * What can be learned of a network in a few steps, before it is trained for long. {@link
 * dev.convoy.worker.check.ShortTraining} takes single steps on images of this machine; {@link
 * dev.convoy.worker.check.LayerActivations} looks into the layers.
 */
package dev.convoy.worker.check;
