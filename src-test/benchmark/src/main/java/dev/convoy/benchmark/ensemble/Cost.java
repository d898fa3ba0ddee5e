package dev.convoy.benchmark.ensemble;

import dev.convoy.benchmark.Workload;
import dev.convoy.benchmark.report.Measurement;
import dev.convoy.benchmark.report.Target;
import java.util.Locale;

/**
 * What it takes to ask several members, and one.
 *
 * @param network that all of them are
 * @param origin of the images
 * @param images that each is asked about
 * @param members at least 2
 * @param secondsOfOne to ask one member
 * @param secondsOfAll to ask all members
 */
record Cost(
    Workload network,
    Origin origin,
    int images,
    int members,
    Measurement secondsOfOne,
    Measurement secondsOfAll) {
  private static final double ASKED_RATIO = 1.1;

  /** Where images are. */
  enum Origin {
    /** In files that are read, decoded and forgotten. */
    FILES("from files"),
    /** Decoded on the executors. */
    MEMORY("in memory");

    private final String label;

    Origin(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** The time of all, in multiples of so many times that of one: 1 where nothing is shared. */
  double ratio() {
    return secondsOfAll.median() / (members * secondsOfOne.median());
  }

  /** Members are to cost little more than their number says. */
  Target target() {
    return new Target(
        String.format(
            Locale.ROOT,
            "%s %s: seconds of %d members / (%d x seconds of one)",
            network,
            origin,
            members,
            members),
        ASKED_RATIO,
        false,
        ratio());
  }
}
