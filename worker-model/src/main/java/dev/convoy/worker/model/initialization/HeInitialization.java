package dev.convoy.worker.model.initialization;

import dev.convoy.data.component.Component;
import dev.convoy.worker.model.initialization.IndependentWeights.Law;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.deeplearning4j.nn.weights.WeightInitVarScalingNormalFanOut;

/** Keeps the variance of rectified values, or of their gradients, from layer to layer. */
final class HeInitialization {
  static final InitializationMember NORMAL =
      member(
          "he",
          "normal, of variance 2 / fan-in, for rectifiers",
          new WeightInitRelu(),
          shape -> 2.0 / shape.in());

  /** The paper's other form: gradients keep their variance on the way back. */
  static final InitializationMember FAN_OUT =
      member(
          "he-fan-out",
          "normal, of variance 2 / fan-out, for the gradients of rectifiers",
          new WeightInitVarScalingNormalFanOut(2.0),
          shape -> 2.0 / shape.out());

  private HeInitialization() {}

  private static InitializationMember member(
      String name, String meaning, IWeightInit scheme, ToDoubleFunction<WeightShape> variance) {
    return InitializationMember.of(
        Component.named(name, meaning)
            .from("He, Zhang, Ren and Sun, \"Delving deep into rectifiers\", 2015"),
        new IndependentWeights(scheme, Law.NORMAL, variance));
  }
}
