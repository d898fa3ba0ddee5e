package dev.convoy.worker.datainitialization;

import dev.convoy.data.Text;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Range;
import dev.convoy.worker.model.initialization.Initialization;
import dev.convoy.worker.model.initialization.Initializations;
import java.util.Optional;

/**
 * LSUV: weights begin as orthonormal matrices, and are divided by the deviation of all values that
 * the layer gives in front of its function, until their variance is 1.
 *
 * @param tolerance how far the variance may be from 1
 * @param iterations of a layer, at most
 */
record LayerSequentialUnitVariance(double tolerance, int iterations) implements DataInitialization {
  private static final Option<Double> TOLERANCE =
      Option.number(
          "tolerance", 0.1, Range.open(0, 1), "how far the variance of a layer may be from 1");

  private static final Option<Integer> ITERATIONS =
      Option.wholeNumber("iterations", 10, 1, 1000, "how often a layer is measured, at most");

  static final Component<DataInitialization> COMPONENT =
      Component.named("lsuv", "orthonormal weights, scaled to a variance of 1 behind each layer")
          .from("Mishkin and Matas, \"All you need is a good init\", 2016")
          .with(TOLERANCE, ITERATIONS)
          .createdBy(
              options ->
                  new LayerSequentialUnitVariance(
                      options.value(TOLERANCE), options.value(ITERATIONS)));

  @Override
  public Optional<Initialization> start() {
    return Optional.of(Initializations.FAMILY.create(ComponentSettings.defaults("orthogonal")));
  }

  @Override
  public Optional<String> adjust(MeasuredLayer layer) {
    double variance = 1;
    for (int i = 0; i < iterations; i++) {
      UnitMoments moments = layer.measure();
      if (moments.areConstant()) {
        return Optional.of("gives the same for all images");
      }
      variance = moments.variance();
      if (!Double.isFinite(variance)) {
        return Optional.of("gives values that are not finite");
      }
      if (Math.abs(variance - 1) < tolerance) {
        return Optional.empty();
      }
      layer.scale(1 / Math.sqrt(variance));
    }
    variance = layer.measure().variance();
    return Math.abs(variance - 1) < tolerance
        ? Optional.empty()
        : Optional.of(Text.of("has a variance of %.3g after %d iterations", variance, iterations));
  }
}
