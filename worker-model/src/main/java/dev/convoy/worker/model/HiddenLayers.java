package dev.convoy.worker.model;

import dev.convoy.data.component.Option;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * Fully connected layers of rectified units between a network's features and its softmax.
 *
 * @param sizes units of each layer, first to last; may be empty
 * @param dropout the probability of dropping a value behind each layer in training
 */
record HiddenLayers(List<Integer> sizes, double dropout) {
  static final Option<Double> DROPOUT =
      NetworkSketch.dropout("probability of dropping a value behind each hidden layer in training");

  static Option<List<Integer>> sizes(List<Integer> defaultValue) {
    return Option.wholeNumbers(
        "hidden",
        defaultValue,
        1,
        NetworkSketch.MAX_WIDTH,
        "units of each fully connected hidden layer, first to last");
  }

  /** Dropout goes behind every hidden layer, never on the image or the convolutions' features. */
  ComputationGraphConfiguration classify(NetworkSketch sketch) {
    double dropped = 0;
    int number = 1;
    for (int size : sizes) {
      var dense = new DenseLayer.Builder().nOut(size).activation(Activation.RELU);
      sketch.then("dense" + number++, NetworkSketch.dropping(dropped, dense).build());
      dropped = dropout;
    }
    return sketch.classify(dropped);
  }
}
