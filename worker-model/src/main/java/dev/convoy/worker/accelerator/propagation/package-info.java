/** Forward and backward propagation of batches through a network, whoever computes it. */
package dev.convoy.worker.accelerator.propagation;
