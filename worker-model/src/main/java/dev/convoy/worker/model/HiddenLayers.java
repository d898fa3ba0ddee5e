package dev.convoy.worker.model;

import dev.convoy.data.component.Option;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * Fully connected layers between a network's features and its softmax.
 *
 * @param sizes units of each layer, first to last; may be empty
 * @param dropout the probability of dropping a value in training
 * @param place where values are dropped
 * @param units of which they are
 */
record HiddenLayers(List<Integer> sizes, double dropout, Place place, HiddenUnits units) {
  static final Option<Double> DROPOUT = dropout(0);

  /** Where values are dropped. */
  enum Place {
    /** Behind every layer; never on the features. */
    BEHIND,
    /** In front of every layer; never in front of the softmax. */
    BEFORE
  }

  /** Rectified units. */
  HiddenLayers(List<Integer> sizes, double dropout, Place place) {
    this(sizes, dropout, place, HiddenUnits.of(ActivationFunction.RELU));
  }

  /** Rectified units, behind whose layers values are dropped. */
  HiddenLayers(List<Integer> sizes, double dropout) {
    this(sizes, dropout, ActivationFunction.RELU);
  }

  /** Units of a function, behind whose layers values are dropped. */
  HiddenLayers(List<Integer> sizes, double dropout, ActivationFunction function) {
    this(sizes, dropout, Place.BEHIND, HiddenUnits.of(function));
  }

  /** The option {@code dropout}. */
  static Option<Double> dropout(double defaultValue) {
    return NetworkSketch.dropout(
        defaultValue, "probability of dropping a value behind each hidden layer in training");
  }

  /** The option {@code hidden}. */
  static Option<List<Integer>> sizes(List<Integer> defaultValue) {
    return Option.wholeNumbers(
        "hidden",
        defaultValue,
        1,
        NetworkSketch.MAX_WIDTH,
        "units of each fully connected hidden layer, first to last");
  }

  /** Ends a network with these layers and a softmax. */
  ComputationGraphConfiguration classify(NetworkSketch sketch) {
    double dropped = place == Place.BEFORE ? dropout : 0;
    int number = 1;
    for (int size : sizes) {
      units.add(sketch, "dense" + number++, size, dropped);
      dropped = dropout;
    }
    return sketch.classify(place == Place.BEFORE ? 0 : dropped);
  }
}
