package dev.convoy.clusters;

import java.util.SplittableRandom;

/**
 * Which processes are killed when: drawn from a seed, which is printed, and which {@code
 * -Dconvoy.kills.seed=…} gives anew. {@code -Dconvoy.kills=100} asks for more of them.
 */
final class KillSchedule {
  private static final int USUAL_KILLS = 8;
  private static final int MOST_MILLIS = 5000;

  private final long seed = Long.getLong("convoy.kills.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);
  private final int kills = Integer.getInteger("convoy.kills", USUAL_KILLS);
  private int done;

  KillSchedule(String cluster) {
    System.out.println(cluster + ": " + kills + " kills, -Dconvoy.kills.seed=" + seed);
  }

  /** Whether there are any left. */
  boolean goesOn() {
    return done < kills;
  }

  /** Whether the pause before the next one begins when another round is done, and not at once. */
  boolean nextIsAfterARound() {
    return random.nextBoolean();
  }

  /** Milliseconds until the next one. */
  int nextPause() {
    return random.nextInt(MOST_MILLIS);
  }

  /** Whether the next one is of the driver, and not of an executor. */
  boolean nextIsDriver() {
    return random.nextBoolean();
  }

  /** One of so many. */
  int nextOf(int processes) {
    return random.nextInt(processes);
  }

  /** Takes note of one. */
  void killed() {
    done++;
  }

  /** How many there were. */
  int done() {
    return done;
  }

  @Override
  public String toString() {
    return "kills by the schedule of -Dconvoy.kills.seed=" + seed;
  }
}
