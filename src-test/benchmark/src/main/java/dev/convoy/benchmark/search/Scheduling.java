package dev.convoy.benchmark.search;

import dev.convoy.benchmark.report.Target;
import dev.convoy.driver.search.StubSearch;
import java.util.List;
import java.util.Locale;

/**
 * What the search adds to its trials.
 *
 * @param sleeping trials that take some seconds
 * @param instant trials that take none
 */
record Scheduling(Sleeping sleeping, Instant instant) {
  private static final double ASKED_OVERHEAD = 0.02;
  private static final double ASKED_SECONDS = 60;

  /**
   * Trials that take as long as they were told to.
   *
   * @param trials of the search, a multiple of those at once
   * @param parallelTrials at once
   * @param trialSeconds of each
   * @param times that it took
   */
  record Sleeping(int trials, int parallelTrials, double trialSeconds, StubSearch.Times times) {
    /** The least seconds that such trials can take. */
    double idealSeconds() {
      return trialSeconds * trials / parallelTrials;
    }

    /** What came to that, as a share of it. */
    double overhead() {
      return (times.searchSeconds() - idealSeconds()) / idealSeconds();
    }
  }

  /**
   * Trials that take no time.
   *
   * @param trials of the search
   * @param times that it took
   * @param heap while another such search went on, at least twice, in order
   */
  record Instant(int trials, StubSearch.Times times, List<Heap> heap) {
    /** Copies the list. */
    Instant {
      heap = List.copyOf(heap);
    }

    /** How the heap grew with each trial, between the first time and the last. */
    double bytesPerTrial() {
      Heap first = heap.get(0);
      Heap last = heap.get(heap.size() - 1);
      return (double) (last.bytes() - first.bytes()) / (last.trials() - first.trials());
    }
  }

  /**
   * What was in use.
   *
   * @param trials begun by then
   * @param bytes of the heap behind a full collection
   */
  record Heap(int trials, long bytes) {}

  /** Little is to be added. */
  List<Target> targets() {
    return List.of(
        new Target(
            String.format(
                Locale.ROOT,
                "overhead of %d trials of %.0f s, %d at once",
                sleeping.trials(),
                sleeping.trialSeconds(),
                sleeping.parallelTrials()),
            ASKED_OVERHEAD,
            false,
            sleeping.overhead()),
        new Target(
            String.format(Locale.ROOT, "seconds for %,d instant trials", instant.trials()),
            ASKED_SECONDS,
            false,
            instant.times().searchSeconds()));
  }
}
