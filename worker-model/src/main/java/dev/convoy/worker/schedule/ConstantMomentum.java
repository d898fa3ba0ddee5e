package dev.convoy.worker.schedule;

import dev.convoy.data.component.Component;
import java.util.OptionalDouble;

/** The optimizer's own momentum, which never changes. */
final class ConstantMomentum implements MomentumSchedule {
  static final Component<MomentumSchedule> COMPONENT =
      Component.named("constant", "the optimizer's own, always")
          .createdBy(options -> new ConstantMomentum());

  private ConstantMomentum() {}

  @Override
  public OptionalDouble momentum(double epochs, double totalEpochs) {
    return OptionalDouble.empty();
  }
}
