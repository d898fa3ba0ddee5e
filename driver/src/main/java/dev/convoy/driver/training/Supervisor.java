package dev.convoy.driver.training;

import java.util.List;

/**
 * Watches a run from outside and may suspend or end it. Called on the run's thread, before the
 * first round and after every round and its evaluation. Driver only.
 */
@FunctionalInterface
public interface Supervisor {
  /** What becomes of the run. */
  enum Verdict {
    /** The next round follows. */
    GO_ON,
    /** The run is suspended with a checkpoint: the same run goes on from there another time. */
    SUSPEND,
    /** The run ends here, with the best parameters so far. */
    STOP
  }

  /**
   * Where a run is.
   *
   * @param epochs trained in full
   * @param rounds trained
   * @param evaluations so far, in order
   */
  record Moment(int epochs, long rounds, List<Evaluation> evaluations) {}

  /** Decides. */
  Verdict judge(Moment moment);

  /** Lets a run go on to its own end. */
  static Supervisor none() {
    return moment -> Verdict.GO_ON;
  }
}
