/**
 * Fast paths for single layers of Deeplearning4j 1.0.0-M2.1, one class each; {@link
 * dev.convoy.worker.layers.LayerHelpers} puts them into a network.
 *
 * <p>Whatever a layer computes, its fast path computes up to rounding, with one exception: the
 * gradient of local response normalisation, which the stock layer has only nearly right. Where ND4J
 * has a native operation that is right and fast, that is used, on CPUs and CUDA alike; where it has
 * none, loops over host memory, on CPUs alone.
 *
 * <p>Not here, because the profile of a training step on a CPU (ResNet-20; LeNet-5 with dropout)
 * has nothing to gain there: residual addition (3 %, half of it copies that Deeplearning4j's
 * backward pass relies on), global average pooling (0.3 %) and dropout masks (2 %).
 */
package dev.convoy.worker.layers;
