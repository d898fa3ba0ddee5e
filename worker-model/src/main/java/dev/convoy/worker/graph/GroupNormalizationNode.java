package dev.convoy.worker.graph;

import dev.convoy.worker.model.layer.GroupNormalization;
import java.util.List;

/**
 * Group normalisation of images or vectors (Wu and He 2018), and a relu of the result if wanted.
 *
 * @param layer whose parameters {@code gamma} and {@code beta} [channels] are used
 * @param groups divides the channels; a group is of neighbours
 */
public record GroupNormalizationNode(
    String name,
    List<String> inputs,
    String layer,
    long channels,
    long groups,
    float epsilon,
    Activation activation)
    implements Node.Activated {

  static void read(Reading reading, GroupNormalization layer) throws UnsupportedNetworkException {
    reading.add(
        new GroupNormalizationNode(
            reading.name(),
            List.of(reading.behindDropout(layer)),
            reading.name(),
            layer.channels(),
            layer.groups(),
            (float) layer.epsilon(),
            Activation.NONE));
  }

  @Override
  public GroupNormalizationNode reading(List<String> others) {
    return new GroupNormalizationNode(name, others, layer, channels, groups, epsilon, activation);
  }

  @Override
  public GroupNormalizationNode activated(String newName, Activation function) {
    return new GroupNormalizationNode(newName, inputs, layer, channels, groups, epsilon, function);
  }

  @Override
  public boolean appliesReluAlone() {
    return true;
  }

  @Override
  public Work work(List<Shape> arguments) {
    return new Work(2 * channels, 0, 0);
  }

  @Override
  public Shape result(List<Shape> arguments) {
    return arguments.get(0);
  }
}
