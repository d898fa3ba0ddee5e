package dev.convoy.worker.model.layer;

import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What Deeplearning4j's layers have in common whose weights are computed from parameters. */
final class DerivedWeights {
  private DerivedWeights() {}

  /** A layer with what Deeplearning4j gives it when it makes a network. */
  static <L extends Layer> L prepared(
      L layer,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize) {
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(
        layer.conf().getLayer().initializer().init(layer.conf(), parameters, initialize));
    return layer;
  }

  /**
   * The gradients of a layer, of its parameters and not of the weights computed from them.
   *
   * @param places of the parameters' gradients, by name
   * @param weights the name of the parameter in whose place the layer sees computed weights
   * @param ofDerived takes the gradient of the computed weights
   * @param stock the layer's own way, which leaves that gradient in the parameter's place
   * @param backward leaves the parameters' gradients in their places
   */
  static Pair<Gradient, INDArray> gradients(
      Map<String, INDArray> places,
      String weights,
      INDArray ofDerived,
      Supplier<Pair<Gradient, INDArray>> stock,
      Consumer<INDArray> backward) {
    INDArray place = places.get(weights);
    places.put(weights, ofDerived);
    Pair<Gradient, INDArray> gradients;
    try {
      gradients = stock.get();
    } finally {
      places.put(weights, place);
    }
    backward.accept(ofDerived);
    places.forEach(gradients.getFirst()::setGradientFor);
    return gradients;
  }
}
