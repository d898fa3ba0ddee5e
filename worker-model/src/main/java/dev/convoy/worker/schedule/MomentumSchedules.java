package dev.convoy.worker.schedule;

import dev.convoy.data.component.Family;
import java.util.List;

/** The family of momentum schedules. */
public final class MomentumSchedules {
  /** Every momentum schedule. A new one is its own file and one more line here. */
  public static final Family<MomentumSchedule> FAMILY =
      Family.of(
          "momentum schedule",
          List.of(
              ConstantMomentum.COMPONENT,
              IncreasingMomentum.COMPONENT,
              LinearMomentum.COMPONENT,
              OneCycleMomentum.COMPONENT));

  private MomentumSchedules() {}
}
