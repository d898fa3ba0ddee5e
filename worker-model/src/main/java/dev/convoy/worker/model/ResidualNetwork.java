package dev.convoy.worker.model;

import java.util.Locale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/**
 * The residual networks for small images of He, Zhang, Ren and Sun, "Deep residual learning for
 * image recognition", 2015, section 4.2: a 3 × 3 convolution, three stages of n two-convolution
 * blocks at widths w, 2w and 4w, global average pooling, softmax; 6n + 2 weighted layers.
 *
 * <p>The first block of the second and third stage halves the image; its shortcut is option B of
 * the paper, a 1 × 1 convolution of stride 2. Batch normalisation follows every convolution.
 */
final class ResidualNetwork {
  private static final int STAGES = 3;

  private final NetworkSketch sketch;

  private ResidualNetwork(InputShape input) {
    sketch = new NetworkSketch(input);
  }

  static ComputationGraphConfiguration build(
      int blocksPerStage, OptionValues options, InputShape input) {
    int width = options.size("width");
    var network = new ResidualNetwork(input);
    network
        .sketch
        .normalisedConvolution(network.sketch.last(), "stem", width, 3, 1)
        .relu("stem-relu");
    for (int stage = 1; stage <= STAGES; stage++) {
      for (int block = 1; block <= blocksPerStage; block++) {
        boolean reshapes = stage > 1 && block == 1;
        network.block(
            String.format(Locale.ROOT, "stage%d-block%d", stage, block),
            width << (stage - 1),
            reshapes);
      }
    }
    return network
        .sketch
        .then("pool", new GlobalPoolingLayer.Builder(PoolingType.AVG).build())
        .classify(options.number("dropout"));
  }

  private void block(String name, int width, boolean reshapes) {
    String source = sketch.last();
    String shortcut = source;
    if (reshapes) {
      sketch.normalisedConvolution(source, name + "-shortcut", width, 1, 2);
      shortcut = sketch.last();
    }
    sketch
        .normalisedConvolution(source, name + "-first", width, 3, reshapes ? 2 : 1)
        .relu(name + "-first-relu");
    sketch
        .normalisedConvolution(sketch.last(), name + "-second", width, 3, 1)
        .sum(name + "-sum", sketch.last(), shortcut)
        .relu(name + "-relu");
  }
}
