package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import dev.convoy.worker.model.NetworkSketch;
import dev.convoy.worker.model.layer.GroupedConvolution;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;

/** A convolution, a normalisation and a function. */
final class ConvolutionKind implements LayerKind {
  private static final Option<Optional<Integer>> FILTERS =
      Option.optional(
          "filters",
          ValueType.wholeNumber(1, NetworkSketch.MAX_WIDTH),
          "how many there are, the channels of the result; has to be given");

  private static final Option<Integer> GROUPS =
      Option.wholeNumber(
          "groups",
          1,
          1,
          NetworkSketch.MAX_WIDTH,
          "of channels and of filters, each filter on the channels of its own");

  static final List<Component<LayerKind>> KINDS =
      List.of(
          Component.named("conv", "convolution")
              .with(FILTERS)
              .with(ConvolutionOptions.all())
              .with(GROUPS)
              .with(Unit.options())
              .createdBy(ConvolutionKind::new));

  private final OptionValues options;
  private final Unit unit;

  private ConvolutionKind(OptionValues options) {
    this.options = options;
    this.unit = Unit.of(options);
  }

  @Override
  public void addTo(LayerPlace place) {
    int filters = place.required(options.value(FILTERS), "filters");
    int groups = options.value(GROUPS);
    long channels = place.images().getChannels();
    if (channels % groups != 0 || filters % groups != 0) {
      throw place.unfit(
          "%d groups of %d channels and %d filters: expected a divisor of both",
          groups, channels, filters);
    }
    unit.requireWeightsOf(groups == 1, place);
    place.then(unit.normalization().applied(layer(filters, groups, place)));
    unit.complete(place);
  }

  private ConvolutionLayer layer(int filters, int groups, LayerPlace place) {
    return groups == 1
        ? configured(new ConvolutionLayer.Builder(), place).nOut(filters).build()
        : configured(new GroupedConvolution.Builder(1, 1).groups(groups), place)
            .nOut(filters)
            .build();
  }

  private <B extends ConvolutionLayer.BaseConvBuilder<B>> B configured(B layer, LayerPlace place) {
    return ConvolutionOptions.configured(layer, options, unit, place);
  }
}
