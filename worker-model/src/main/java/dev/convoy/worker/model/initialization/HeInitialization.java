package dev.convoy.worker.model.initialization;

import dev.convoy.data.component.Component;
import dev.convoy.worker.model.initialization.IndependentWeights.Law;
import org.deeplearning4j.nn.weights.WeightInitRelu;

/** Keeps the variance of rectified values from layer to layer. */
final class HeInitialization {
  static final InitializationMember NORMAL =
      InitializationMember.of(
          Component.named("he", "normal, of variance 2 / fan-in, for rectifiers")
              .from("He, Zhang, Ren and Sun, \"Delving deep into rectifiers\", 2015"),
          new IndependentWeights(new WeightInitRelu(), Law.NORMAL, shape -> 2.0 / shape.in()));

  private HeInitialization() {}
}
