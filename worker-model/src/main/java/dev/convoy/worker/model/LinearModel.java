package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import dev.convoy.worker.model.layer.PerceptronLoss;
import java.util.List;

/**
 * One layer from the pixels to the classes: softmax regression, or perceptrons of which the
 * strongest answers.
 */
final class LinearModel {
  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("linear", "softmax regression on the pixels")
              .createdBy(options -> input -> new NetworkSketch(input).classify()),
          Component.named("perceptron", "linear, trained by the perceptron's rule")
              .from("Rosenblatt, \"The perceptron\", 1958")
              .createdBy(
                  options -> input -> new NetworkSketch(input).classify(0, new PerceptronLoss())));

  private LinearModel() {}
}
