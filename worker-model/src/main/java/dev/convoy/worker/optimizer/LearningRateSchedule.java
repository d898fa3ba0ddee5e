package dev.convoy.worker.optimizer;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The learning rate as a pure function of the step. A step is one batch on every worker; all
 * workers count the same steps, so the rate is the same on all of them.
 */
public final class LearningRateSchedule {

  /** The rate's multiple of the configured learning rate after {@code epochs} of {@code total}. */
  private interface Shape {
    double at(double epochs, double total, ScheduleSettings settings);
  }

  private static final Map<String, Shape> SHAPES =
      new TreeMap<>(
          Map.of(
              "constant", (epochs, total, settings) -> warmUp(epochs, settings),
              "step", LearningRateSchedule::step,
              "cosine", LearningRateSchedule::cosine,
              "one-cycle", LearningRateSchedule::oneCycle));

  private final double learningRate;
  private final ScheduleSettings settings;
  private final Shape shape;
  private final double stepsPerEpoch;
  private final double totalEpochs;

  /**
   * Fixes the schedule of a run.
   *
   * @param learningRate the configured rate, which every shape scales
   * @param settings the shape
   * @param stepsPerEpoch steps in an epoch, at least 1
   * @param totalEpochs epochs in the run when nothing stops it early, at least 1
   * @throws IllegalArgumentException if no shape has the given name
   */
  public LearningRateSchedule(
      double learningRate, ScheduleSettings settings, long stepsPerEpoch, int totalEpochs) {
    this.shape = SHAPES.get(settings.name());
    if (shape == null) {
      throw new IllegalArgumentException(
          "Cannot make a schedule: expected one of "
              + SHAPES.keySet()
              + ", found "
              + settings.name());
    }
    this.learningRate = learningRate;
    this.settings = settings;
    this.stepsPerEpoch = stepsPerEpoch;
    this.totalEpochs = totalEpochs;
  }

  /** Names of all shapes. */
  public static NavigableSet<String> names() {
    return Collections.unmodifiableNavigableSet(new TreeSet<>(SHAPES.keySet()));
  }

  /** The rate of step {@code step}, counted from 0 over the whole run. */
  public double rate(long step) {
    return learningRate * shape.at(step / stepsPerEpoch, totalEpochs, settings);
  }

  /** Linear warm-up (Goyal et al. 2017, "Accurate, large minibatch SGD"): 0 to 1. */
  private static double warmUp(double epochs, ScheduleSettings settings) {
    return epochs < settings.warmUpEpochs() ? epochs / settings.warmUpEpochs() : 1;
  }

  private static double step(double epochs, double total, ScheduleSettings settings) {
    long passed = settings.milestones().stream().filter(milestone -> epochs >= milestone).count();
    return warmUp(epochs, settings) * StrictMath.pow(settings.factor(), (double) passed);
  }

  /** Cosine annealing with restarts (Loshchilov and Hutter 2017, SGDR), after the warm-up. */
  private static double cosine(double epochs, double total, ScheduleSettings settings) {
    double warmUpEpochs = settings.warmUpEpochs();
    if (epochs < warmUpEpochs || total <= warmUpEpochs) {
      return warmUp(epochs, settings);
    }
    double progress = (epochs - warmUpEpochs) / (total - warmUpEpochs);
    double cycles = Math.min(1, progress) * settings.cycles();
    double ofThisCycle = progress < 1 ? cycles - Math.floor(cycles) : 1;
    return between(1, settings.finalFraction(), ofThisCycle);
  }

  /** One cycle (Smith and Topin 2018, "Super-convergence"), both halves cosines. */
  private static double oneCycle(double epochs, double total, ScheduleSettings settings) {
    double first = 1 / settings.initialDivision();
    double last = first / settings.finalDivision();
    double progress = epochs / total;
    return progress < settings.peakAt()
        ? between(first, 1, progress / settings.peakAt())
        : between(1, last, (progress - settings.peakAt()) / (1 - settings.peakAt()));
  }

  /** Half a cosine wave from {@code start} at 0 to {@code end} at 1. */
  private static double between(double start, double end, double progress) {
    double clamped = Math.min(1, progress);
    return end + (start - end) * (1 + StrictMath.cos(StrictMath.PI * clamped)) / 2;
  }
}
