/**
 * Makes the heavy layers of a Deeplearning4j network run at the speed of the hardware.
 *
 * <p>Deeplearning4j 1.0.0-M2.1 has helpers for convolution, batch normalisation and pooling, but
 * looks for them by names that no longer exist, so that convolutions run as Java im2col and batch
 * normalisation as a dozen slow broadcasts. {@link dev.convoy.worker.accelerator.Accelerator} puts
 * helpers of its own in their place, on top of ND4J's native operations, which use oneDNN on CPUs
 * and cuDNN on CUDA (with the {@code -onednn-} or {@code -cudnn} classifier on the class path).
 * Results agree with the stock layers up to rounding, and saved models are not affected.
 */
package dev.convoy.worker.accelerator;
