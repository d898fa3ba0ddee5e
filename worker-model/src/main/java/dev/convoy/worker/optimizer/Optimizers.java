package dev.convoy.worker.optimizer;

import dev.convoy.data.component.Family;
import java.util.List;

/** The family of optimizers. */
public final class Optimizers {
  /** Every optimizer. A new one is its own file and one more line here. */
  public static final Family<Optimizer> FAMILY =
      Family.of(
          "optimizer",
          List.of(
              StochasticGradientDescent.COMPONENT,
              PolyakMomentum.COMPONENT,
              NesterovMomentum.COMPONENT,
              AdaGrad.COMPONENT,
              RmsProp.COMPONENT,
              AdaDelta.COMPONENT,
              Adam.COMPONENT,
              AmsGrad.COMPONENT,
              AdamW.COMPONENT,
              NAdam.COMPONENT,
              Lars.COMPONENT,
              Lamb.COMPONENT,
              Lion.COMPONENT));

  private Optimizers() {}
}
