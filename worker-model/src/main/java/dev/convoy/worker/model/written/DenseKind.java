package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import dev.convoy.worker.model.NetworkSketch;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.DenseLayer;

/** A full connection, a normalisation and a function. */
final class DenseKind implements LayerKind {
  /** How many units there are. */
  static final Option<Optional<Integer>> UNITS =
      Option.optional(
          "units",
          ValueType.wholeNumber(1, NetworkSketch.MAX_WIDTH),
          "how many there are, the length of the result; has to be given");

  static final List<Component<LayerKind>> KINDS =
      List.of(
          Component.named("dense", "full connection of all values")
              .with(UNITS)
              .with(Unit.options())
              .createdBy(DenseKind::new));

  private final OptionValues options;
  private final Unit unit;

  private DenseKind(OptionValues options) {
    this.options = options;
    this.unit = Unit.of(options);
  }

  @Override
  public void addTo(LayerPlace place) {
    int units = place.required(options.value(UNITS), "units");
    unit.requireWeightsOf(true, place);
    DenseLayer layer =
        unit.weighted(new DenseLayer.Builder()).nOut(units).hasBias(unit.hasBias()).build();
    place.then(unit.normalization().applied(layer));
    unit.complete(place);
  }
}
