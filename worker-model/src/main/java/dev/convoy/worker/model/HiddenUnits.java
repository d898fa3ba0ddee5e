package dev.convoy.worker.model;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.model.initialization.Initialization;
import dev.convoy.worker.model.initialization.Initializations;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.activations.IActivation;

/**
 * The units of fully connected hidden layers.
 *
 * @param initialization of their weights
 * @param normalization between their weights and their function
 * @param function of each
 */
record HiddenUnits(
    Initialization initialization,
    ChannelNormalization normalization,
    ActivationFunction function) {
  /** Their usual initialisation. */
  static final String INITIALIZATION = "he";

  /** Units with their usual initialisation and no normalisation. */
  static HiddenUnits of(IActivation function) {
    return of(input -> new ActivationLayer(function));
  }

  /** Units with their usual initialisation and no normalisation. */
  static HiddenUnits of(ActivationFunction function) {
    return new HiddenUnits(
        Initializations.FAMILY.create(ComponentSettings.defaults(INITIALIZATION)),
        ChannelNormalization.none(),
        function);
  }

  /**
   * Adds a layer behind the last vertex.
   *
   * @param dropout the probability of dropping one of its inputs in training
   */
  void add(NetworkSketch sketch, String name, int units, double dropout) {
    DenseLayer.Builder dense =
        NetworkSketch.dropping(dropout, new DenseLayer.Builder())
            .nOut(units)
            .weightInit(initialization.scheme())
            .hasBias(!normalization.hasShift());
    Layer behind = function.layer(InputType.feedForward(units));
    if (normalization.layer().isEmpty() && behind instanceof ActivationLayer plain) {
      sketch.then(name, normalization.applied(dense.activation(plain.getActivationFn()).build()));
      return;
    }
    sketch.then(name, normalization.applied(dense.build()));
    normalization.layer().ifPresent(layer -> sketch.then(name + "-norm", layer));
    sketch.then(name + "-relu", behind);
  }
}
