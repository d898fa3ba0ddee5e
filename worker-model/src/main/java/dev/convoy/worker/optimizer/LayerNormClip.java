package dev.convoy.worker.optimizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Shortens the gradient of each layer's parameters to a norm if it is longer. */
record LayerNormClip(double largest) implements GradientClip {
  @Override
  public void apply(List<Segment> segments, FlatVectors vectors) {
    Map<String, List<Segment>> layers =
        segments.stream()
            .collect(
                Collectors.groupingBy(Segment::layer, LinkedHashMap::new, Collectors.toList()));
    GlobalNormClip ofOne = new GlobalNormClip(largest);
    layers.values().forEach(layer -> ofOne.apply(layer, vectors));
  }
}
