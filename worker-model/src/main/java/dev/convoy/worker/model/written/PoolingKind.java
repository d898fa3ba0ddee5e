package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** The largest value or the mean of each window. */
final class PoolingKind implements LayerKind {
  private static final int MAX_PIXELS = ConvolutionOptions.MAX_PIXELS;

  private static final Option<Extent> WINDOW =
      Option.of("window", Extent.type(1, MAX_PIXELS), 2, "extent of a window, in pixels");

  private static final Option<Optional<Extent>> STRIDE =
      Option.optional(
          "stride",
          Extent.type(1, MAX_PIXELS),
          "pixels from one window to the next, which overlap where there are fewer than a window"
              + " has; null: as many");

  private static final Option<Extent> PADDING =
      Option.of(
          "padding",
          Extent.type(0, MAX_PIXELS),
          0,
          "pixels on every side that are never the largest, up to half a window");

  private static final Option<Boolean> COUNT_PADDING =
      Option.flag("count-padding", false, "whether pixels of padding count in means, as zeros");

  static final List<Component<LayerKind>> KINDS =
      List.of(
          Component.named("max-pool", "the largest value of each window")
              .with(WINDOW, STRIDE, PADDING)
              .createdBy(options -> new PoolingKind(PoolingType.MAX, options, false)),
          Component.named("average-pool", "the mean of each window")
              .with(WINDOW, STRIDE, PADDING, COUNT_PADDING)
              .createdBy(
                  options ->
                      new PoolingKind(PoolingType.AVG, options, options.value(COUNT_PADDING))));

  private final PoolingType type;
  private final OptionValues options;
  private final boolean countsPadding;

  private PoolingKind(PoolingType type, OptionValues options, boolean countsPadding) {
    this.type = type;
    this.options = options;
    this.countsPadding = countsPadding;
  }

  @Override
  public void addTo(LayerPlace place) {
    Extent window = options.value(WINDOW);
    Movement movement =
        Movement.of(
                window,
                options.value(STRIDE).orElse(window),
                Optional.of(options.value(PADDING)),
                Extent.side(1),
                place)
            .requireFit(place, "window");
    Extent half = movement.kernel().with(Extent.side(2), (pixels, two) -> pixels / two);
    if (movement.padding().exceeds(half)) {
      throw place.unfit(
          "padding %s of a %s window: expected no more than half of it",
          movement.padding(), movement.kernel());
    }
    place.then(
        new SubsamplingLayer.Builder(type)
            .convolutionMode(ConvolutionMode.Truncate)
            .kernelSize(movement.kernel().both())
            .stride(movement.stride().both())
            .padding(movement.padding().both())
            .avgPoolIncludePadInDivisor(countsPadding)
            .build());
  }
}
