package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.worker.model.layer.AdaptivePooling;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/** Pooling to a given extent, whatever that of the image. */
record AdaptivePoolingKind(PoolingType type, Extent extent) implements LayerKind {
  private static final Option<Extent> TO =
      Option.of(
          "to",
          Extent.type(1, ConvolutionOptions.MAX_PIXELS),
          1,
          "extent of the result, in pixels");

  static final List<Component<LayerKind>> KINDS =
      List.of(
          Component.named(
                  "adaptive-max-pool", "the largest values of windows that divide any image alike")
              .with(TO)
              .createdBy(options -> new AdaptivePoolingKind(PoolingType.MAX, options.value(TO))),
          Component.named(
                  "adaptive-average-pool", "the means of windows that divide any image alike")
              .with(TO)
              .createdBy(options -> new AdaptivePoolingKind(PoolingType.AVG, options.value(TO))));

  @Override
  public void addTo(LayerPlace place) {
    place.images();
    Extent result = place.isSeries() ? extent.ofSeries(1) : extent;
    place.then(new AdaptivePooling(type, result.height(), result.width()));
  }
}
