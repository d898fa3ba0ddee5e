package dev.convoy.worker.layers;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;

/**
 * One layer of a network, in its place there. What is behind wrappers, as of frozen layers, counts
 * as the layer.
 */
final class LayerSlot {
  private final ComputationGraph network;
  private final int number;
  private final BaseWrapperLayer wrapper;

  /**
   * @param number of the layer among {@link ComputationGraph#getLayers()}
   */
  LayerSlot(ComputationGraph network, int number) {
    this.network = network;
    this.number = number;
    BaseWrapperLayer innermost = null;
    Layer layer = network.getLayers()[number];
    while (layer instanceof BaseWrapperLayer outer) {
      innermost = outer;
      layer = outer.getUnderlying();
    }
    this.wrapper = innermost;
  }

  /** The layer. */
  Layer layer() {
    return wrapper == null ? network.getLayers()[number] : wrapper.getUnderlying();
  }

  /**
   * Puts another layer there, which must have the same configuration and no parameters. Only the
   * network object changes: it is saved from its configuration.
   */
  void replace(AbstractLayer<?> replacement) {
    if (!(layer() instanceof AbstractLayer<?> former) || former.numParams() > 0) {
      throw new IllegalStateException(
          "Cannot replace a layer: expected one without parameters, found " + layer());
    }
    replacement.setIndex(former.getIndex());
    replacement.setListeners(former.getListeners());
    replacement.setCacheMode(former.getCacheMode());
    replacement.setIterationCount(former.getIterationCount());
    replacement.setEpochCount(former.getEpochCount());
    replacement.allowInputModification(former.isInputModificationAllowed());
    if (wrapper != null) {
      wrapper.setUnderlying(replacement);
      return;
    }
    network.getLayers()[number] = replacement;
    Arrays.stream(network.getVertices())
        .filter(LayerVertex.class::isInstance)
        .map(LayerVertex.class::cast)
        .filter(vertex -> vertex.getLayer() == former)
        .forEach(vertex -> vertex.setLayer(replacement));
  }
}
