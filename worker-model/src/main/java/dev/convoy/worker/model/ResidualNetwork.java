package dev.convoy.worker.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.activations.Activation;

/**
 * The residual networks for small images of He, Zhang, Ren and Sun, "Deep residual learning for
 * image recognition", 2015, section 4.2: a 3 × 3 convolution, three stages of n two-convolution
 * blocks at widths w, 2w and 4w, global average pooling, softmax; 6n + 2 weighted layers.
 *
 * <p>The first block of the second and third stage halves the image; its shortcut is option B of
 * the paper, a 1 × 1 convolution of stride 2 with batch normalisation. Convolutions have no bias,
 * since batch normalisation follows each of them.
 */
final class ResidualNetwork {
  private static final int STAGES = 3;
  private static final double DECAY = 0.9;
  private static final double EPSILON = 1e-5;

  private final NetworkSketch sketch;

  private ResidualNetwork(InputShape input) {
    sketch = new NetworkSketch(input);
  }

  static ComputationGraphConfiguration build(int blocksPerStage, int width, InputShape input) {
    var network = new ResidualNetwork(input);
    network.normalised("stem", network.sketch.last(), width, 3, 1);
    network.relu("stem-relu");
    for (int stage = 1; stage <= STAGES; stage++) {
      for (int block = 1; block <= blocksPerStage; block++) {
        boolean reshapes = stage > 1 && block == 1;
        network.block("stage%d-block%d".formatted(stage, block), width << (stage - 1), reshapes);
      }
    }
    return network
        .sketch
        .then("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
        .classify();
  }

  private void block(String name, int width, boolean reshapes) {
    String source = sketch.last();
    String shortcut = source;
    if (reshapes) {
      normalised(name + "-shortcut", source, width, 1, 2);
      shortcut = sketch.last();
    }
    normalised(name + "-first", source, width, 3, reshapes ? 2 : 1);
    relu(name + "-first-relu");
    normalised(name + "-second", sketch.last(), width, 3, 1);
    sketch.sum(name + "-sum", sketch.last(), shortcut);
    relu(name + "-relu");
  }

  private void normalised(String name, String source, int width, int kernel, int stride) {
    sketch
        .from(
            source,
            name + "-conv",
            new ConvolutionLayer.Builder(kernel, kernel)
                .stride(stride, stride)
                .padding(kernel / 2, kernel / 2)
                .nOut(width)
                .hasBias(false)
                .build())
        .then(
            name + "-norm",
            new BatchNormalization.Builder()
                .decay(DECAY)
                .eps(EPSILON)
                .gamma(1)
                .beta(0)
                // Variances, not logarithms: averaging replicas then gives the mean variance.
                .useLogStd(false)
                // Running statistics travel as gradients; clipping would stop them.
                .gradientNormalization(GradientNormalization.None)
                .build());
  }

  private void relu(String name) {
    sketch.then(name, new ActivationLayer.Builder().activation(Activation.RELU).build());
  }
}
