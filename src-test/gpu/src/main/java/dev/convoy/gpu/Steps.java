package dev.convoy.gpu;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.optimizer.LayerRates;
import dev.convoy.worker.optimizer.OptimizerSettings;
import dev.convoy.worker.optimizer.OptimizerSettings.Regularization;
import java.util.Map;

/** Update rules to measure with. */
final class Steps {
  /** Takes the gradient as it is. */
  static final OptimizerSettings PLAIN = of(ComponentSettings.defaults("sgd"), 0.1, 0, "constant");

  /** That of PyTorch's SGD with a momentum of 0.9. */
  static final OptimizerSettings MOMENTUM =
      of(new ComponentSettings("sgd", Map.of("momentum", 0.9)), 0.01, 0, "constant");

  /** That of conf/cifar10-resnet20.conf. */
  static final OptimizerSettings CIFAR =
      of(new ComponentSettings("nesterov", Map.of("momentum", 0.9)), 0.2, 5e-4, "one-cycle");

  private Steps() {}

  private static OptimizerSettings of(
      ComponentSettings rule, double rate, double l2, String schedule) {
    return new OptimizerSettings(
        rule,
        rate,
        new Regularization(0, l2, 0, 0, 0),
        ComponentSettings.defaults(schedule),
        ComponentSettings.defaults("constant"),
        0,
        LayerRates.ALIKE);
  }
}
