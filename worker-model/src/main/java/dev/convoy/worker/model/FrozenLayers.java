package dev.convoy.worker.model;

import dev.convoy.worker.model.layer.FrozenBatchNormalization;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;

/** What is computed otherwise in layers that do not learn. */
final class FrozenLayers {
  private FrozenLayers() {}

  /** Has the batch normalisation among some layers use its running statistics in training. */
  static void assign(ComputationGraphConfiguration configuration, Set<String> frozen) {
    for (String name : frozen) {
      if (configuration.getVertices().get(name) instanceof LayerVertex vertex) {
        NeuralNetConfiguration made = vertex.getLayerConf();
        if (made.getLayer() instanceof BatchNormalization learning) {
          made.setLayer(FrozenBatchNormalization.of(learning));
        }
      }
    }
  }
}
