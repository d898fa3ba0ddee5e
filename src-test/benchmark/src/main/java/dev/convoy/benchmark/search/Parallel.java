package dev.convoy.benchmark.search;

import dev.convoy.benchmark.report.Measurement;
import dev.convoy.benchmark.report.Target;
import java.util.List;
import java.util.function.Function;

/**
 * The same search with one trial after the other, and with two at once.
 *
 * @param oneByOne in the order in which they were measured, at least one
 * @param twoAtOnce as many
 */
record Parallel(List<Times> oneByOne, List<Times> twoAtOnce) {
  private static final double ASKED_RATIO = 0.6;

  /** Copies the lists. */
  Parallel {
    oneByOne = List.copyOf(oneByOne);
    twoAtOnce = List.copyOf(twoAtOnce);
  }

  /**
   * How long a search took.
   *
   * @param trialsSeconds from the first trial's beginning to the last one's end
   * @param searchSeconds the same with leaderboard, importance and report
   * @param processSeconds the same with the start of Java and of Spark
   */
  record Times(double trialsSeconds, double searchSeconds, double processSeconds) {}

  /** One of the times of several searches. */
  static Measurement seconds(List<Times> searches, Function<Times, Double> time) {
    return new Measurement(searches.stream().map(time).toList());
  }

  /** How one of the times of two at once compares with that of one after the other. */
  double ratio(Function<Times, Double> time) {
    return seconds(twoAtOnce, time).median() / seconds(oneByOne, time).median();
  }

  /** Two at once are to be nearly twice as fast. */
  Target target() {
    return new Target(
        "eight trials on local[2]: two at once / one by one",
        ASKED_RATIO,
        false,
        ratio(Times::trialsSeconds));
  }
}
