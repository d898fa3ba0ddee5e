/**
 * Directions in which an image may change and stay what it is, and training that keeps a network's
 * outputs from changing along them (tangent propagation).
 */
package dev.convoy.worker.tangent;
