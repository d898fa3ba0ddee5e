package dev.convoy.worker.model;

import dev.convoy.worker.model.initialization.Initialization;
import java.util.Map;
import java.util.function.Predicate;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;

/** Says in a network's configuration how the weights of its layers are drawn. */
final class LayerInitialization {
  private LayerInitialization() {}

  /** Of those layers with weights whose names are chosen. */
  static void assign(
      ComputationGraphConfiguration configuration,
      Initialization initialization,
      Predicate<String> chosen) {
    for (Map.Entry<String, GraphVertex> vertex : configuration.getVertices().entrySet()) {
      if (vertex.getValue() instanceof LayerVertex made
          && made.getLayerConf().getLayer() instanceof BaseLayer layer
          && isDrawn(layer)
          && chosen.test(vertex.getKey())) {
        layer.setWeightInitFn(initialization.scheme());
      }
    }
  }

  private static boolean isDrawn(BaseLayer layer) {
    return !(layer instanceof PReLULayer) && !layer.initializer().weightKeys(layer).isEmpty();
  }
}
