/**
 * A machine with GPUs that is simulated: NVIDIA's driver, cuDNN and cuBLAS as their documentation
 * has them, without a device. Kernels are not written again for it: the PTX that a device would get
 * is run. It is strict where a device is unforgiving or leaves a result undefined: work runs no
 * earlier than the host waits for it, new memory is full of NaN, every access is checked.
 *
 * <p>Sources: CUDA Driver API, cuDNN API and cuBLAS references.
 */
package dev.convoy.worker.cuda.simulation;
