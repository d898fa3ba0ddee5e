package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/** One value of each channel. */
record GlobalPoolingKind(PoolingType type) implements LayerKind {
  static final List<Component<LayerKind>> KINDS =
      List.of(
          Component.named("global-max-pool", "the largest value of each channel: a vector")
              .createdBy(options -> new GlobalPoolingKind(PoolingType.MAX)),
          Component.named("global-average-pool", "the mean of each channel: a vector")
              .from("Lin, Chen and Yan, \"Network in network\", 2014")
              .createdBy(options -> new GlobalPoolingKind(PoolingType.AVG)));

  @Override
  public void addTo(LayerPlace place) {
    place.images();
    place.then(new GlobalPoolingLayer.Builder(type).build());
  }
}
