package dev.convoy.worker.loss;

import dev.convoy.data.component.Component;
import java.util.Optional;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;

/** The mean of the sizes of deviations. */
record MeanAbsoluteError() implements DeviationLoss {
  static final Component<Loss> COMPONENT =
      Component.named("mae", "mean of the sizes of the outputs' deviations")
          .from(
              "Ghosh, Kumar and Sastry, \"Robust loss functions under label noise for deep neural"
                  + " networks\", 2017")
          .createdBy(options -> new MeanAbsoluteError());

  @Override
  public double loss(double deviation) {
    return Math.abs(deviation);
  }

  @Override
  public double slope(double deviation) {
    return Math.signum(deviation);
  }

  @Override
  public Optional<ILossFunction> stock() {
    return Optional.of(new LossMAE());
  }
}
