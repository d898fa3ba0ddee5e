package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import dev.convoy.worker.model.layer.OriginalDropout;
import dev.convoy.worker.model.layer.StochasticDepth;
import java.util.List;
import java.util.function.DoubleFunction;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/** Values that are dropped, or have noise, in training. */
final class DropoutKinds {
  /** What becomes of values that are kept. */
  enum Form {
    /** They are divided by the probability of keeping them, in training. */
    INVERTED,
    /** They are multiplied by it, in inference. */
    ORIGINAL
  }

  private static final Option<Form> FORM =
      Option.choice(
          "form",
          Form.INVERTED,
          ValueType::nameOf,
          "inverted: kept values are scaled up in training; original: all are scaled down in"
              + " inference");

  static final List<Component<LayerKind>> KINDS =
      List.of(
          dropout(),
          kind(
              "spatial-dropout",
              "drops whole channels in training",
              "Tompson, Goroshin, Jain, LeCun and Bregler, \"Efficient object localization using"
                  + " convolutional networks\", 2015",
              probability(0.2, "of dropping a channel"),
              place -> place.images(),
              drop -> new DropoutLayer(new SpatialDropout(1 - drop))),
          kind(
              "alpha-dropout",
              "sets values to the limit of selu in training; mean and variance stay",
              "Klambauer, Unterthiner, Mayr and Hochreiter, \"Self-normalizing neural networks\","
                  + " 2017",
              probability(0.1, "of setting a value"),
              place -> place.before(),
              drop -> new DropoutLayer(new AlphaDropout(1 - drop))),
          kind(
              "gaussian-dropout",
              "multiplies values by normal noise of the variance of dropout in training",
              "Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, \"Dropout\", 2014",
              probability(0.5, "that dropout of equal variance would drop a value with"),
              place -> place.before(),
              drop -> new DropoutLayer(new GaussianDropout(drop))),
          kind(
              "gaussian-noise",
              "adds normal noise to values in training",
              "Poole, Sohl-Dickstein and Ganguli, \"Analyzing noise in autoencoders and deep"
                  + " networks\", 2014",
              Option.number("deviation", 0.1, Range.closed(0, 1000), "of the noise"),
              place -> place.before(),
              deviation -> new DropoutLayer(new GaussianNoise(deviation))),
          kind(
              "stochastic-depth",
              "drops all values of an image in training, in front of a sum with a shortcut",
              "Huang, Sun, Liu, Sedra and Weinberger, \"Deep networks with stochastic depth\","
                  + " 2016",
              probability(0.2, "of dropping an image's values"),
              place -> place.before(),
              drop -> new DropoutLayer(new StochasticDepth(drop))));

  private DropoutKinds() {}

  /** What a kind asks of its place. */
  @FunctionalInterface
  private interface Demand {
    void of(LayerPlace place);
  }

  private static Component<LayerKind> dropout() {
    Option<Double> probability = probability(0.5, "of dropping a value");
    return Component.named("dropout", "drops values in training")
        .from("Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, \"Dropout\", 2014")
        .with(probability, FORM)
        .createdBy(
            options -> {
              double drop = options.value(probability);
              Form form = options.value(FORM);
              return place -> add(drop, value -> layer(form, value), place);
            });
  }

  private static Layer layer(Form form, double drop) {
    return form == Form.ORIGINAL
        ? new OriginalDropout(drop)
        : new DropoutLayer.Builder(1 - drop).build();
  }

  private static Option<Double> probability(double defaultValue, String meaning) {
    return Option.number(
        "probability", defaultValue, Range.closedOpen(0, 1), "probability " + meaning);
  }

  private static Component<LayerKind> kind(
      String name,
      String meaning,
      String paper,
      Option<Double> strength,
      Demand demand,
      DoubleFunction<Layer> layer) {
    return Component.named(name, meaning)
        .from(paper)
        .with(strength)
        .createdBy(
            options ->
                place -> {
                  demand.of(place);
                  add(options.value(strength), layer, place);
                });
  }

  /** Adds a layer with noise of some strength, if there is any. */
  private static void add(double strength, DoubleFunction<Layer> layer, LayerPlace place) {
    if (strength > 0) {
      place.then(layer.apply(strength));
    }
  }
}
