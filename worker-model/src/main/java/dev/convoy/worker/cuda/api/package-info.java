/**
 * The calls of NVIDIA's libraries that are used: the driver, cuDNN and cuBLAS. Whoever computes
 * sees these interfaces alone, so that tests can put a simulation or failures in their place.
 */
package dev.convoy.worker.cuda.api;
