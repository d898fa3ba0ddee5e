package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;

/** A multiple. */
record ScalingKind(double factor) implements LayerKind {
  private static final Option<Double> BY =
      Option.number("by", 1, Range.closed(-1e6, 1e6), "what values are multiplied by");

  static final List<Component<LayerKind>> KINDS =
      List.of(
          Component.named("scale", "a multiple of the values")
              .with(BY)
              .createdBy(options -> new ScalingKind(options.value(BY))));

  @Override
  public void addTo(LayerPlace place) {
    place.then(new ScaleVertex(factor));
  }
}
