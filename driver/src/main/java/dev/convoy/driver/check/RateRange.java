package dev.convoy.driver.check;

import dev.convoy.worker.check.ShortTraining;
import dev.convoy.worker.check.ShortTraining.Material;
import dev.convoy.worker.training.WorkerSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * A learning-rate range test (Smith, "Cyclical learning rates for training neural networks", 2017):
 * the rate grows from step to step by a factor, and the loss tells from where on it learns, and
 * from where on it diverges.
 *
 * @param rates of the steps
 * @param losses before them, smoothed: means of the steps so far whose weights fall off backwards
 */
record RateRange(List<Double> rates, List<Double> losses) {
  private static final double LOWEST = 1e-5;
  private static final double HIGHEST = 10;
  private static final int STEPS = 105;

  /** Share of a step's own loss in the smoothed one. */
  private static final double OWN = 0.2;

  /** Multiple of the first losses' mean from which the test has diverged. */
  private static final double DIVERGED = 1.3;

  /** What is noticeably below the first loss, as a share of the fall to the lowest. */
  private static final double BEGUN = 0.3;

  /** What is about the lowest loss, likewise. */
  private static final double ABOUT = 0.1;

  /** The share of the first loss below which something was learned. */
  private static final double LEARNED = 0.95;

  /** Steps after which the smoothed loss no longer hangs on the first one. */
  private static final int SETTLED = 10;

  /** Copies the lists. */
  RateRange {
    rates = List.copyOf(rates);
    losses = List.copyOf(losses);
  }

  /** Trains with growing rates. */
  static RateRange of(WorkerSettings settings, Material material, Effort effort) {
    int steps = effort.steps(STEPS);
    double factor = Math.pow(HIGHEST / LOWEST, 1.0 / (steps - 1));
    List<Double> rates = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    double[] state = {0, 0};
    try (ShortTraining network = new ShortTraining(settings, material)) {
      network.train(
          material,
          steps,
          step -> LOWEST * Math.pow(factor, step),
          step -> {
            if (!Double.isFinite(step.loss())) {
              return false;
            }
            state[0] = (1 - OWN) * state[0] + OWN * step.loss();
            state[1] = (1 - OWN) * state[1] + OWN;
            double smoothed = state[0] / state[1];
            // The loss before a step is what the rates before it have made.
            rates.add(LOWEST * Math.pow(factor, Math.max(0, step.number() - 1)));
            losses.add(smoothed);
            return smoothed <= DIVERGED * losses.get(Math.min(losses.size(), SETTLED) - 1);
          });
    }
    return new RateRange(rates, losses);
  }

  private int lowest() {
    int lowest = 0;
    for (int i = 1; i < losses.size(); i++) {
      lowest = losses.get(i) < losses.get(lowest) ? i : lowest;
    }
    return lowest;
  }

  /**
   * The rate at which the loss was first about its lowest. Beyond, it grows, or stays where nothing
   * is left to learn.
   */
  double atLowest() {
    double lowest = losses.get(lowest());
    int at = 0;
    while (losses.get(at) > lowest + ABOUT * (start() - lowest) && at < lowest()) {
      at++;
    }
    return rates.get(at);
  }

  /** The rate from which on the loss falls to its lowest: what goes up before is noise. */
  double atBeginning() {
    int at = lowest();
    double begun = losses.get(at) + (1 - BEGUN) * (start() - losses.get(at));
    while (at > 0 && losses.get(at - 1) < begun) {
      at--;
    }
    return rates.get(at);
  }

  /** The mean of the first losses, at rates that change nothing. */
  private double start() {
    return losses.get(Math.min(losses.size(), SETTLED) - 1);
  }

  /** Whether the loss was a number before the first step. */
  boolean begins() {
    return !losses.isEmpty();
  }

  /** Whether any rate made the loss fall noticeably. */
  boolean learns() {
    return begins() && losses.get(lowest()) < LEARNED * start();
  }

  /**
   * A rate that learns fast and is far from diverging: the geometric mean of both ends; the lowest
   * that was tried where not even the first loss is a number.
   */
  double suggestion() {
    if (!begins()) {
      return LOWEST;
    }
    double middle = Math.sqrt(atBeginning() * atLowest());
    double power = Math.pow(10, Math.floor(Math.log10(middle)));
    double digit = middle / power;
    return (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10) * power;
  }
}
