package dev.convoy.worker.datainitialization;

import dev.convoy.data.component.Component;
import dev.convoy.worker.model.initialization.Initialization;
import java.util.Optional;

/**
 * Every unit begins with a length g = 1 / σ and a bias b = −μ / σ, where μ and σ are mean and
 * deviation of what it gives, in front of its function, for weights of length 1: so it gives mean 0
 * and variance 1. A layer without {@code normalization = weight} has its weights scaled to that
 * length. Where a layer has no bias, as in front of batch normalisation, its means stay.
 */
final class WeightNormalizationOnData implements DataInitialization {
  static final Component<DataInitialization> COMPONENT =
      Component.named(
              "weight-normalization", "lengths and biases for mean 0 and variance 1 of every unit")
          .from("Salimans and Kingma, \"Weight normalization\", 2016")
          .createdBy(options -> new WeightNormalizationOnData());

  private WeightNormalizationOnData() {}

  @Override
  public Optional<Initialization> start() {
    return Optional.empty();
  }

  @Override
  public Optional<String> adjust(MeasuredLayer layer) {
    double[] biases = layer.biases();
    layer.setBiases(new double[biases.length]);
    UnitMoments moments = layer.measure();
    double[] factors = new double[layer.units()];
    int left = 0;
    for (int unit = 0; unit < factors.length; unit++) {
      boolean isLeft = moments.isConstant(unit) || !Double.isFinite(moments.variance(unit));
      factors[unit] = isLeft ? 1 : 1 / Math.sqrt(moments.variance(unit));
      left += isLeft ? 1 : 0;
      if (!isLeft && biases.length > 0) {
        biases[unit] = -moments.mean(unit) * factors[unit];
      }
    }
    layer.scale(factors);
    layer.setBiases(biases);
    return left == 0
        ? Optional.empty()
        : Optional.of(left + " of " + factors.length + " units give the same for all images");
  }
}
