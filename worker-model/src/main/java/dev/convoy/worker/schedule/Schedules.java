package dev.convoy.worker.schedule;

import dev.convoy.data.component.Family;
import java.util.List;

/** The family of learning-rate schedules. */
public final class Schedules {
  /** Every schedule. A new one is its own file and one more line here. */
  public static final Family<Schedule> FAMILY =
      Family.of(
          "schedule",
          List.of(
              ConstantSchedule.COMPONENT,
              StepSchedule.COMPONENT,
              PeriodicStepSchedule.COMPONENT,
              ExponentialSchedule.COMPONENT,
              InverseTimeSchedule.COMPONENT,
              PolynomialSchedule.COMPONENT,
              LinearSchedule.COMPONENT,
              CosineSchedule.COMPONENT,
              WarmRestartsSchedule.COMPONENT,
              PiecewiseSchedule.COMPONENT,
              OneCycleSchedule.COMPONENT));

  private Schedules() {}
}
