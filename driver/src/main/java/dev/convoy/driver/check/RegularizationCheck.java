package dev.convoy.driver.check;

import dev.convoy.data.Text;
import dev.convoy.worker.optimizer.Penalties;
import dev.convoy.worker.optimizer.Segment;

/** Whether penalties leave the loss the larger part of the objective. */
final class RegularizationCheck extends Check {
  /** Penalty over loss at the beginning. */
  private static final double MOST_SHARE = 1;

  /** The share that a step may take off weights by decay alone. */
  private static final double MOST_DECAY = 0.01;

  /** How many times stronger penalties are for comparison. */
  private static final double STRONGER = 10;

  RegularizationCheck() {
    super(
        "regularization",
        "The objective with penalties beside the loss alone. Stronger penalties must raise it;"
            + " if they are most of it, weights shrink to zero before they learn.",
        "CS231n, \"Before learning: sanity checks\": regularisation up, loss up");
  }

  @Override
  Verdict look(CheckedRun run) {
    Penalties penalties = run.configuration().optimizer().regularization().penalties();
    double loss = run.beginning().loss();
    double penalty = penalty(run.beginning(), penalties, 1);
    double stronger = penalty(run.beginning(), penalties, STRONGER);
    double decay = run.peakRate() * (penalties.l2() + penalties.weightDecay());
    boolean raises = penalty == 0 || stronger > penalty;
    String figure =
        penalty == 0
            ? Text.of("loss %.3f, no penalty", loss)
            : Text.of(
                "loss %.3f, %.3f with penalties, %.3f with %.0f times as strong ones",
                loss, loss + penalty, loss + stronger, STRONGER);
    return Verdict.of(
        raises && penalty <= MOST_SHARE * loss && decay <= MOST_DECAY,
        figure + (decay == 0 ? "" : Text.of("; decay takes %.2g off weights in a step", decay)),
        Text.of(
            "penalties below the loss, and at most %.0f %% of the weights in a step",
            100 * MOST_DECAY),
        "lower optimizer.l1, optimizer.l2 or optimizer.weight-decay: 1e-5 to 1e-3 are usual for l2");
  }

  /** Σ l1·|w| + l2·w²/2 over all that is penalised. */
  private static double penalty(Beginning beginning, Penalties penalties, double factor) {
    double sum = 0;
    for (Segment segment : beginning.segments()) {
      if (segment.kind() != Segment.Kind.RUNNING_STATISTIC && penalties.touch(segment)) {
        int from = (int) segment.offset();
        for (int i = from; i < from + segment.length(); i++) {
          double weight = beginning.parameters()[i];
          double l1 = penalties.l1() + penalties.l1Proximal();
          sum += l1 * Math.abs(weight) + penalties.l2() * weight * weight / 2;
        }
      }
    }
    return factor * sum;
  }
}
