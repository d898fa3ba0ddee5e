package dev.convoy.worker.graph;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;

/**
 * Local response normalisation (Krizhevsky, Sutskever and Hinton 2012): each value is divided by (k
 * + alpha · the sum of squares of the values at its place in neighbouring channels) to the power
 * beta. Deeplearning4j's own gradient of it divides by the sum of the value, not of the neighbour
 * that the gradient comes from; the compiled one is that of the formula.
 *
 * @param size how many channels are summed over, odd: those of the value's own and as many on each
 *     side, as far as there are any
 */
public record LocalResponseNormalizationNode(
    String name, List<String> inputs, long size, float k, float alpha, float beta) implements Node {

  static void read(Reading reading, LocalResponseNormalization layer)
      throws UnsupportedNetworkException {
    reading.requireImages();
    reading.requireChannelsFirst(layer.getDataFormat());
    reading.add(
        new LocalResponseNormalizationNode(
            reading.name(),
            List.of(reading.behindDropout(layer)),
            (long) layer.getN() / 2 * 2 + 1, // as Deeplearning4j counts
            (float) layer.getK(),
            (float) layer.getAlpha(),
            (float) layer.getBeta()));
  }

  @Override
  public LocalResponseNormalizationNode reading(List<String> others) {
    return new LocalResponseNormalizationNode(name, others, size, k, alpha, beta);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return arguments.get(0);
  }
}
