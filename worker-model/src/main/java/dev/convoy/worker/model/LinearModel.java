package dev.convoy.worker.model;

import dev.convoy.data.component.Component;
import java.util.List;

/** Softmax regression: one layer from the pixels to the classes. */
final class LinearModel {
  static final List<Component<Architecture>> VARIANTS =
      List.of(
          Component.named("linear", "softmax regression on the pixels")
              .createdBy(options -> input -> new NetworkSketch(input).classify()));

  private LinearModel() {}
}
