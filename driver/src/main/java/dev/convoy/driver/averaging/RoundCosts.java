package dev.convoy.driver.averaging;

import java.util.HashMap;
import java.util.Map;

/** Where the time of a round went besides training, and what was fetched for it. Driver only. */
public final class RoundCosts {
  private final Map<String, Long> bytesIn = new HashMap<>();
  private long workers;
  private long startNanos;
  private long sendNanos;
  private long reduceNanos;
  private long driverBytesIn;

  /** Takes in what a worker's task cost. */
  public void worker(TaskCost cost) {
    workers++;
    startNanos += cost.startNanos();
    sendNanos += cost.sendNanos();
    fetched(cost);
  }

  /** Takes in what a task cost that averaged. */
  public void fetched(TaskCost cost) {
    bytesIn.merge(cost.executor(), cost.bytesIn(), Long::sum);
  }

  /** Takes in vectors that came to the driver. */
  void received(long bytes) {
    driverBytesIn += bytes;
  }

  void reduced(long nanos) {
    reduceNanos += nanos;
  }

  /** Until a worker had what the round begins with: the workers' mean, in milliseconds, or 0. */
  public double startMillis() {
    return meanMillis(startNanos);
  }

  /** Until a worker's result was there for others: the workers' mean, in milliseconds, or 0. */
  public double sendMillis() {
    return meanMillis(sendNanos);
  }

  /** Nobody tells what the rounds of Deeplearning4j's training master cost. */
  private double meanMillis(long nanos) {
    return workers == 0 ? 0 : nanos / 1e6 / workers;
  }

  /** From the last worker's result to the next parameters, in milliseconds. */
  public double reduceMillis() {
    return reduceNanos / 1e6;
  }

  /** Bytes of workers' vectors that the driver received. */
  public long driverBytesIn() {
    return driverBytesIn;
  }

  /** Bytes that the busiest executor fetched from others. */
  public long executorBytesIn() {
    return bytesIn.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
