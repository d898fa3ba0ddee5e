package dev.convoy.worker.model.initialization;

import dev.convoy.data.component.Component;
import dev.convoy.worker.model.initialization.IndependentWeights.Law;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitLecunUniform;
import org.deeplearning4j.nn.weights.WeightInitNormal;

/** Keeps the variance of values from layer to layer where a unit's function is the identity. */
final class LeCunInitialization {
  static final InitializationMember NORMAL =
      member("lecun", "normal, of variance 1 / fan-in", new WeightInitNormal(), Law.NORMAL);

  /** The limits are the root of 3 / fan-in; Deeplearning4j's own, of the same name, are wider. */
  static final InitializationMember UNIFORM =
      member(
          "lecun-uniform",
          "uniform, of variance 1 / fan-in",
          new WeightInitLecunUniform(),
          Law.UNIFORM);

  private LeCunInitialization() {}

  private static InitializationMember member(
      String name, String meaning, IWeightInit scheme, Law law) {
    return InitializationMember.of(
        Component.named(name, meaning)
            .from("LeCun, Bottou, Orr and Müller, \"Efficient backprop\", 1998"),
        new IndependentWeights(scheme, law, shape -> 1.0 / shape.in()));
  }
}
