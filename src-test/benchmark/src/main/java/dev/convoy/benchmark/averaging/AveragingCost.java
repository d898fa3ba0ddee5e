package dev.convoy.benchmark.averaging;

import dev.convoy.benchmark.averaging.Traffic.Bytes;
import dev.convoy.benchmark.report.Measurement;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What rounds of one way came to.
 *
 * @param way to average
 * @param parameters of the network
 * @param executors of one core each
 * @param heapMebibytes of each
 * @param rounds those that count
 */
record AveragingCost(
    Way way, int parameters, int executors, int heapMebibytes, List<Round> rounds) {
  /** Copies the list. */
  AveragingCost {
    rounds = List.copyOf(rounds);
  }

  /**
   * What a round came to.
   *
   * @param seconds from one model to the next
   * @param driver what the driver read and wrote
   * @param busiest what the executor did that did most of it
   */
  record Round(double seconds, Bytes driver, Bytes busiest) {}

  /** How long they took. */
  Measurement seconds() {
    return of(Round::seconds);
  }

  /** Bytes that the driver read and wrote in a round, the median. */
  double driverBytes() {
    return of(round -> round.driver().sum()).median();
  }

  /** The same of the busiest executor. */
  double executorBytes() {
    return of(round -> round.busiest().sum()).median();
  }

  Measurement of(ToDoubleFunction<Round> value) {
    return new Measurement(rounds.stream().mapToDouble(value).boxed().toList());
  }
}
