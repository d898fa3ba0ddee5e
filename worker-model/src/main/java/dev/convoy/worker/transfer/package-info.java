/** Weights of a trained network for another one that shares layers with it. */
package dev.convoy.worker.transfer;
