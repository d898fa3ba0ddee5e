/**
 * Makes the heavy layers of a Deeplearning4j network run at the speed of the hardware.
 *
 * <p>Deeplearning4j 1.0.0-M2.1 has helpers for convolution, batch normalisation and pooling, but
 * looks for them by names that no longer exist, so that convolutions run as Java im2col and batch
 * normalisation as a dozen slow broadcasts. {@link dev.convoy.worker.accelerator.Accelerator}
 * chooses what takes their place: on a CPU, where every layer is known, the whole network as oneDNN
 * primitives ({@code worker.onednn}); else fast paths in single layers. Who trains or evaluates
 * sees a {@link dev.convoy.worker.accelerator.propagation.Propagation} and nothing beneath it.
 *
 * <p>The fast paths of single layers are in {@code helper}: they build on ND4J's native operations,
 * which use oneDNN on CPUs and cuDNN on CUDA (with the {@code -onednn-} or {@code -cudnn}
 * classifier on the class path). Results agree with the stock layers up to rounding, and saved
 * models are not affected.
 */
package dev.convoy.worker.accelerator;
