package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.worker.model.initialization.Initialization;
import dev.convoy.worker.model.initialization.Initializations;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/** Fully connected layers from the pixels to the classes. */
final class MultilayerPerceptron implements Architecture {
  private static final Option<List<Integer>> HIDDEN = HiddenLayers.sizes(List.of(256, 128));

  private static final Option<ChannelNormalization> NORMALIZATION =
      Option.member(
          "normalization",
          ChannelNormalization.OF_VECTORS,
          "none",
          "normalisation of what the weights of hidden layers give, before the activation");

  private static final Option<Initialization> INITIALIZATION =
      Option.member(
          "initialization",
          Initializations.FAMILY,
          HiddenUnits.INITIALIZATION,
          "how the weights of hidden layers are drawn");

  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("mlp", "multilayer perceptron: fully connected layers on the pixels")
              .with(
                  HIDDEN,
                  HiddenLayers.DROPOUT,
                  NetworkSketch.ACTIVATION,
                  NORMALIZATION,
                  INITIALIZATION)
              .createdBy(MultilayerPerceptron::new));

  private final HiddenLayers hidden;

  private MultilayerPerceptron(OptionValues options) {
    hidden =
        new HiddenLayers(
            options.value(HIDDEN),
            options.value(HiddenLayers.DROPOUT),
            HiddenLayers.Place.BEHIND,
            new HiddenUnits(
                options.value(INITIALIZATION),
                options.value(NORMALIZATION),
                options.value(NetworkSketch.ACTIVATION)));
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    return hidden.classify(new NetworkSketch(input));
  }
}
