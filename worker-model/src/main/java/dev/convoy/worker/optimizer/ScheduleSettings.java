package dev.convoy.worker.optimizer;

import java.util.List;

/**
 * What shapes the learning rate over a run; see {@link LearningRateSchedule} for the formulas.
 *
 * @param name one of {@link LearningRateSchedule#names()}
 * @param warmUpEpochs length of the linear warm-up, in epochs, at least 0; not used by one-cycle,
 *     which has its own
 * @param milestones for {@code step}: the epochs, increasing, at whose start the rate falls
 * @param factor for {@code step}: what the rate is multiplied by at a milestone, in (0, 1]
 * @param finalFraction for {@code cosine}: the share of the rate that is left at the end, in [0, 1]
 * @param cycles for {@code cosine}: how often the rate falls, from its full height each time; at
 *     least 1
 * @param peakAt for {@code one-cycle}: the share of the run after which the rate peaks, in (0, 1)
 * @param initialDivision for {@code one-cycle}: peak rate / first rate, at least 1
 * @param finalDivision for {@code one-cycle}: first rate / last rate, at least 1
 */
public record ScheduleSettings(
    String name,
    double warmUpEpochs,
    List<Double> milestones,
    double factor,
    double finalFraction,
    int cycles,
    double peakAt,
    double initialDivision,
    double finalDivision) {

  /** Copies the milestones. */
  public ScheduleSettings {
    milestones = List.copyOf(milestones);
  }

  /** A rate that never changes. */
  public static ScheduleSettings constant() {
    return new ScheduleSettings("constant", 0, List.of(), 0.1, 0, 1, 0.3, 25, 1e4);
  }
}
