package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** Fully connected layers from the pixels to the classes. */
final class MultilayerPerceptron implements Architecture {
  private static final Option<List<Integer>> HIDDEN = HiddenLayers.sizes(List.of(256, 128));

  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("mlp", "multilayer perceptron: fully connected layers on the pixels")
              .with(HIDDEN, HiddenLayers.DROPOUT)
              .createdBy(MultilayerPerceptron::new));

  private final HiddenLayers hidden;

  private MultilayerPerceptron(OptionValues options) {
    hidden = new HiddenLayers(options.value(HIDDEN), options.value(HiddenLayers.DROPOUT));
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    return hidden.classify(new NetworkSketch(input));
  }
}
