/**
 * What training makes small. A {@link dev.convoy.worker.loss.Loss} is a function of a network's
 * last values (the logits) and of what they are to say; each is a file.
 */
package dev.convoy.worker.loss;
