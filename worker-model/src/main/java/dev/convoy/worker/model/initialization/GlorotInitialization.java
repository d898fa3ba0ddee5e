package dev.convoy.worker.model.initialization;

import dev.convoy.data.component.Component;
import dev.convoy.worker.model.initialization.IndependentWeights.Law;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.deeplearning4j.nn.weights.WeightInitXavierUniform;

/** A compromise between the variances of values on the way forward and of gradients back. */
final class GlorotInitialization {
  static final InitializationMember NORMAL =
      member(
          "xavier",
          "normal, of variance 2 / (fan-in + fan-out)",
          new WeightInitXavier(),
          Law.NORMAL);

  /** The form of the paper. */
  static final InitializationMember UNIFORM =
      member(
          "xavier-uniform",
          "uniform, of variance 2 / (fan-in + fan-out)",
          new WeightInitXavierUniform(),
          Law.UNIFORM);

  private GlorotInitialization() {}

  private static InitializationMember member(
      String name, String meaning, IWeightInit scheme, Law law) {
    return InitializationMember.of(
        Component.named(name, meaning)
            .from(
                "Glorot and Bengio, \"Understanding the difficulty of training deep feedforward"
                    + " neural networks\", 2010"),
        new IndependentWeights(scheme, law, shape -> 2.0 / (shape.in() + shape.out())));
  }
}
