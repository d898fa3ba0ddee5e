package dev.convoy.worker.loss;

import dev.convoy.data.component.Component;
import java.util.Optional;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The mean of the squares of deviations. */
record MeanSquaredError() implements DeviationLoss {
  static final Component<Loss> COMPONENT =
      Component.named("mse", "mean of the squares of the outputs' deviations")
          .from(
              "Rumelhart, Hinton and Williams, \"Learning representations by back-propagating"
                  + " errors\", 1986")
          .createdBy(options -> new MeanSquaredError());

  @Override
  public double loss(double deviation) {
    return deviation * deviation;
  }

  @Override
  public double slope(double deviation) {
    return 2 * deviation;
  }

  @Override
  public Optional<ILossFunction> stock() {
    return Optional.of(new LossMSE());
  }
}
