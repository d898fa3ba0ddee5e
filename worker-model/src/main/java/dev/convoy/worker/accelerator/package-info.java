/**
 * Chooses what computes a network. {@link dev.convoy.worker.accelerator.Accelerator} asks backends
 * in their order and takes the first that can: the GPU that was given to whoever computes ({@code
 * worker.cuda}); on a CPU, where every layer is known, the whole network as oneDNN primitives
 * ({@code worker.onednn}); else Deeplearning4j's own layers ({@code worker.layers}), which compute
 * any network.
 */
package dev.convoy.worker.accelerator;
