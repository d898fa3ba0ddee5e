package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;

/** A convolution of every channel by itself, a normalisation and a function. */
final class DepthwiseConvolutionKind implements LayerKind {
  private static final Option<Integer> MULTIPLIER =
      Option.wholeNumber("multiplier", 1, 1, 1024, "filters of each channel");

  static final List<Component<LayerKind>> KINDS =
      List.of(
          Component.named("depthwise-conv", "convolution of each channel with filters of its own")
              .from("Howard et al., \"MobileNets\", 2017")
              .with(MULTIPLIER)
              .with(ConvolutionOptions.all())
              .with(Unit.options())
              .createdBy(DepthwiseConvolutionKind::new));

  private final OptionValues options;
  private final Unit unit;

  private DepthwiseConvolutionKind(OptionValues options) {
    this.options = options;
    this.unit = Unit.of(options);
  }

  @Override
  public void addTo(LayerPlace place) {
    int multiplier = options.value(MULTIPLIER);
    unit.requireWeightsOf(false, place);
    DepthwiseConvolution2D layer =
        ConvolutionOptions.configured(new DepthwiseConvolution2D.Builder(), options, unit, place)
            .depthMultiplier(multiplier)
            .build();
    layer.setNOut(multiplier * place.images().getChannels()); // which the builder forgets
    place.then(layer);
    unit.complete(place);
  }
}
