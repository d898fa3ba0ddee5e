package dev.convoy.worker.model.written;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;

/** The largest of several full connections, unit by unit. */
final class MaxoutKind implements LayerKind {
  private static final Option<Integer> PIECES =
      Option.wholeNumber("pieces", 2, 2, 64, "full connections whose largest result is taken");

  static final List<Component<LayerKind>> KINDS =
      List.of(
          Component.named("maxout", "the largest of several full connections, unit by unit")
              .from(
                  "Goodfellow, Warde-Farley, Mirza, Courville and Bengio, \"Maxout networks\", 2013")
              .with(DenseKind.UNITS, PIECES)
              .createdBy(MaxoutKind::new));

  private final OptionValues options;

  private MaxoutKind(OptionValues options) {
    this.options = options;
  }

  @Override
  public void addTo(LayerPlace place) {
    int units = place.required(options.value(DenseKind.UNITS), "units");
    List<Layer> pieces =
        Stream.<Layer>generate(() -> new DenseLayer.Builder().nOut(units).build())
            .limit(options.value(PIECES))
            .toList();
    place.join(new ElementWiseVertex(ElementWiseVertex.Op.Max), pieces);
  }
}
