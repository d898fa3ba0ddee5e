package dev.convoy.worker.graph;

import dev.convoy.worker.model.layer.FrozenBatchNormalization;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;

/**
 * Batch normalisation of images or vectors (Ioffe and Szegedy 2015), and a relu of the result if
 * wanted: by the batch's statistics in training, by the running ones in inference, and always where
 * it is frozen.
 *
 * @param layer whose parameters {@code gamma}, {@code beta}, {@code mean} and {@code var}
 *     [channels] are used
 * @param decay the share of the running statistics that stays when a batch's are mixed in
 * @param frozen whether the running statistics are used in training as well, and stay
 */
public record BatchNormalizationNode(
    String name,
    List<String> inputs,
    String layer,
    long channels,
    float epsilon,
    float decay,
    boolean frozen,
    Activation activation)
    implements Node.Activated {

  static void read(Reading reading, BatchNormalization layer) throws UnsupportedNetworkException {
    if (!reading.shape().isVector()) {
      reading.requireChannelsFirst(layer.getCnn2DFormat());
    }
    reading.require(!layer.isLockGammaBeta(), "has a fixed scale and shift");
    reading.require(!layer.isUseLogStd(), "keeps logarithms of variances");
    reading.require(layer.isMinibatch(), "has no running statistics");
    reading.require(reading.function(layer.getActivationFn()).isNone(), "has a function");
    reading.add(
        new BatchNormalizationNode(
            reading.name(),
            List.of(reading.behindDropout(layer)),
            reading.name(),
            layer.getNOut(),
            (float) layer.getEps(),
            (float) layer.getDecay(),
            layer instanceof FrozenBatchNormalization,
            Activation.NONE));
  }

  @Override
  public BatchNormalizationNode reading(List<String> others) {
    return new BatchNormalizationNode(
        name, others, layer, channels, epsilon, decay, frozen, activation);
  }

  @Override
  public BatchNormalizationNode activated(String newName, Activation function) {
    return new BatchNormalizationNode(
        newName, inputs, layer, channels, epsilon, decay, frozen, function);
  }

  @Override
  public boolean appliesReluAlone() {
    return true;
  }

  @Override
  public Work work(List<Shape> arguments) {
    return new Work(2 * channels, 2 * channels, 0);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return arguments.get(0);
  }
}
