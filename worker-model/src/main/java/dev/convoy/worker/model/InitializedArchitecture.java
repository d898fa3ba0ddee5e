package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.ValueType;
import dev.convoy.worker.model.initialization.Initialization;
import dev.convoy.worker.model.initialization.Initializations;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * A network whose weights are drawn in another way than its own.
 *
 * @param architecture the network
 * @param initialization of all layers but those that classify
 */
record InitializedArchitecture(Architecture architecture, Initialization initialization)
    implements Architecture {
  private static final Option<Optional<Initialization>> INITIALIZATION =
      Option.optional(
          "initialization",
          new ValueType.Member<>(Initializations.FAMILY),
          "how the weights of all layers but the last are drawn; null: as the network's own, he");

  /** The declaration of a network with the option to be drawn in another way. */
  static Component<Architecture> option(Component<Architecture> network) {
    return network.extended(
        network.name(),
        List.of(INITIALIZATION),
        (architecture, options) ->
            options
                .value(INITIALIZATION)
                .<Architecture>map(other -> new InitializedArchitecture(architecture, other))
                .orElse(architecture));
  }

  @Override
  public int smallestImage() {
    return architecture.smallestImage();
  }

  @Override
  public int usualImage() {
    return architecture.usualImage();
  }

  @Override
  public void require(InputShape input) {
    architecture.require(input);
  }

  @Override
  public ComputationGraphConfiguration configuration(InputShape input) {
    ComputationGraphConfiguration configuration = architecture.configuration(input);
    List<String> classifiers = configuration.getNetworkOutputs();
    LayerInitialization.assign(
        configuration, initialization, layer -> !classifiers.contains(layer));
    return configuration;
  }
}
