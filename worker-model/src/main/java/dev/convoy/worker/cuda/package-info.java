/**
 * Networks on NVIDIA's GPUs: the graph lowered to cuDNN's convolutions, cuBLAS's products and
 * kernels of our own ({@code src/main/cuda}), bound at run time to the libraries that the machine
 * has.
 *
 * <p>Everything stays on the device: parameters, their gradients and the optimizer's state are
 * there from {@code load} on, a batch comes as bytes, and the parameters go back when they are
 * asked for. Images have their channels last; the flat vector is in the device's own order, see
 * {@link dev.convoy.worker.cuda.ParameterLayout}. A plan of one batch size runs its steps one by
 * one the first time, is captured the second time, and replayed from then on.
 *
 * <p>Algorithms are chosen by rule, and all sums have a fixed order: the same kind of card with the
 * same libraries gives the same bits.
 */
package dev.convoy.worker.cuda;
