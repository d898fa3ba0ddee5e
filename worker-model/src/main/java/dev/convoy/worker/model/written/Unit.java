package dev.convoy.worker.model.written;

import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import dev.convoy.worker.model.ActivationFunction;
import dev.convoy.worker.model.ChannelNormalization;
import dev.convoy.worker.model.initialization.Initialization;
import dev.convoy.worker.model.initialization.Initializations;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;

/**
 * What a layer with weights has beside them: how they begin and whether they are dropped, a bias,
 * and behind them a normalisation and a function.
 *
 * @param normalization of the result, or of the weights
 * @param activation of what is normalised; empty for none
 * @param bias whether there is one; empty for one unless the normalisation has a shift
 * @param initialBias what each bias begins with
 * @param initialization how weights are drawn
 * @param dropConnect the probability of dropping a weight in training
 */
record Unit(
    ChannelNormalization normalization,
    Optional<ActivationFunction> activation,
    Optional<Boolean> bias,
    double initialBias,
    Initialization initialization,
    double dropConnect) {
  private static final Option<ChannelNormalization> NORMALIZATION =
      Option.member(
          "normalization",
          ChannelNormalization.FAMILY,
          "none",
          "normalisation of the result, or of the weights");

  private static final Option<Optional<ActivationFunction>> ACTIVATION =
      Option.optional(
          "activation",
          new ValueType.Member<>(ActivationFunction.FAMILY),
          "function behind the normalisation; null for none");

  private static final Option<Optional<Boolean>> BIAS =
      Option.optional(
          "bias",
          new ValueType.Flag(),
          "whether something is added to each channel; null: unless the normalisation does that");

  private static final Option<Double> INITIAL_BIAS =
      Option.number("initial-bias", 0, Range.closed(-1000, 1000), "what each bias begins with");

  private static final Option<Initialization> INITIALIZATION =
      Option.member("initialization", Initializations.FAMILY, "he", "how the weights are drawn");

  private static final Option<Double> DROP_CONNECT =
      Option.number(
          "drop-connect",
          0,
          Range.closedOpen(0, 1),
          "probability of dropping a weight in training (Wan et al. 2013)");

  /** The options that it is read from. */
  static Option<?>[] options() {
    return new Option<?>[] {
      NORMALIZATION, ACTIVATION, BIAS, INITIAL_BIAS, INITIALIZATION, DROP_CONNECT
    };
  }

  static Unit of(OptionValues options) {
    return new Unit(
        options.value(NORMALIZATION),
        options.value(ACTIVATION),
        options.value(BIAS),
        options.value(INITIAL_BIAS),
        options.value(INITIALIZATION),
        options.value(DROP_CONNECT));
  }

  boolean hasBias() {
    return bias.orElse(!normalization.hasShift());
  }

  /** A layer whose weights begin and are dropped as they should. */
  <B extends BaseLayer.Builder<B>> B weighted(B layer) {
    if (dropConnect > 0) {
      layer.weightNoise(new DropConnect(1 - dropConnect));
    }
    return layer.weightInit(initialization.scheme()).biasInit(initialBias);
  }

  /** Makes sure that weights are normalised only where there is such a layer. */
  void requireWeightsOf(boolean isPlain, LayerPlace place) {
    if (normalization.isOfWeights() && !isPlain) {
      throw place.unfit(
          "normalization = weight is for convolutions of one group and for dense alone");
    }
    if (normalization.isOfWeights() && dropConnect > 0) {
      throw place.unfit("drop-connect and normalization = weight do not go together");
    }
  }

  /** Adds the normalisation and the function. */
  void complete(LayerPlace place) {
    NormalizationKinds.add(normalization, place, layer -> place.then("norm", layer));
    activation.ifPresent(function -> place.then("activation", function.layer(place.before())));
  }
}
