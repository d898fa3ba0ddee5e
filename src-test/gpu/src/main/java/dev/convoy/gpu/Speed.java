package dev.convoy.gpu;

import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.cuda.DeviceMemoryException;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.optimizer.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Images per second of a network in training and in inference. Images come from the host's memory
 * as bytes, a batch for every step, as they do in a run; answers go back to the host.
 */
final class Speed {
  private static final int BATCHES = 4;
  private static final int WARM_UP = 6;
  private static final int REPETITIONS = 7;
  private static final int MOST_STEPS = 10_000;

  static final String HEADER =
      String.format(
          "%-10s %-8s %6s %10s %12s %12s %8s %8s %8s %8s %16s  %s",
          "images/s",
          "",
          "batch",
          "learned",
          "training",
          "inference",
          "plan/MB",
          "taken/MB",
          "open/s",
          "start/s",
          "loss",
          "verdict");

  private final SavedNetwork network;
  private final int batch;
  private final double secondsEach;
  private final RandomBatches batches;
  private int step;

  /**
   * What was measured.
   *
   * @param network its name
   * @param precision of values
   * @param batch images in a step: fewer than asked for where memory ends
   * @param learnedParameters how many parameters are learned
   * @param training images per second, the median of the samples
   * @param inference likewise
   * @param trainingSamples images per second
   * @param inferenceSamples likewise
   * @param start what came before
   * @param memory that it trained with
   * @param losses that tell whether anything was learned
   * @param verdict {@code right}, or what is not
   */
  record Entry(
      String network,
      Precision precision,
      int batch,
      long learnedParameters,
      double training,
      double inference,
      List<Double> trainingSamples,
      List<Double> inferenceSamples,
      Start start,
      Memory memory,
      Losses losses,
      String verdict) {
    /** As {@link #HEADER} has it. */
    String line() {
      return String.format(
          Locale.ROOT,
          "%-10s %-8s %6d %,10d %,12.0f %,12.0f %,8d %,8d %8.2f %8.2f %7.3f->%7.3f  %s",
          network,
          precision,
          batch,
          learnedParameters,
          training,
          inference,
          memory.plannedBytes() >> 20,
          memory.takenBytes() >> 20,
          start.openSeconds(),
          start.firstStepsSeconds(),
          losses.first(),
          losses.last(),
          verdict);
    }
  }

  /**
   * What came before the first sample.
   *
   * @param openSeconds until the network was open
   * @param firstStepsSeconds until its first steps were done, from the same moment on
   */
  record Start(double openSeconds, double firstStepsSeconds) {}

  /**
   * Of the card.
   *
   * @param plannedBytes for the batch size, without parameters and the optimizer's state; -1 if
   *     that could not be told
   * @param takenBytes by all of it, the libraries included
   */
  record Memory(long plannedBytes, long takenBytes) {}

  /**
   * Means over the same batch.
   *
   * @param first before the first step
   * @param last after the last
   */
  record Losses(double first, double last) {
    String verdict() {
      return Double.isFinite(first) && Double.isFinite(last) ? "right" : "loss is no number";
    }
  }

  private Speed(SavedNetwork network, int batch, double secondsEach) {
    this.network = network;
    this.batch = batch;
    this.secondsEach = secondsEach;
    batches = new RandomBatches(network.input(), BATCHES, batch);
  }

  /**
   * Measures a network, with half of the batch as long as the card's memory does not do.
   *
   * @param secondsEach that a sample takes about; one step if it is 0
   */
  static Entry of(
      CheckedGpu machine, SavedNetwork network, Precision precision, int batch, double secondsEach)
      throws UnsupportedNetworkException {
    for (int size = batch; ; size /= 2) {
      try {
        return new Speed(network, size, secondsEach).measure(machine, precision);
      } catch (DeviceMemoryException e) {
        if (size < 2) {
          throw e;
        }
      }
    }
  }

  private Entry measure(CheckedGpu machine, Precision precision)
      throws UnsupportedNetworkException {
    long start = System.nanoTime();
    long free = machine.freeBytes();
    try (Session session = machine.session(network, precision, Steps.MOMENTUM)) {
      double open = (System.nanoTime() - start) / 1e9;
      double firstLoss = batches.train(session, 0);
      train(session, WARM_UP);
      Start before = new Start(open, (System.nanoTime() - start) / 1e9);
      long taken = free - machine.freeBytes();
      List<Double> training = samples(count -> train(session, count));
      Losses losses = new Losses(firstLoss, batches.train(session, 0));
      List<Double> inference = List.of();
      String verdict = losses.verdict();
      try {
        answer(session, WARM_UP);
        inference = samples(count -> answer(session, count));
      } catch (RuntimeException e) {
        verdict = "no inference: " + e;
      }
      return new Entry(
          network.name(),
          precision,
          batch,
          learnedParameters(),
          median(training),
          median(inference),
          training,
          inference,
          before,
          new Memory(planned(machine, precision), taken),
          losses,
          verdict);
    }
  }

  private long planned(CheckedGpu machine, Precision precision) throws UnsupportedNetworkException {
    try {
      return machine.plannedBytes(network, precision, batch);
    } catch (RuntimeException e) {
      return -1; // it says nothing about speed
    }
  }

  private long learnedParameters() {
    return network.segments().stream()
        .filter(segment -> segment.kind() != Segment.Kind.RUNNING_STATISTIC)
        .mapToLong(Segment::length)
        .sum();
  }

  /** Does so many steps, to the end. */
  private interface Work {
    void steps(int count);
  }

  private List<Double> samples(Work work) {
    int count = 1;
    double seconds = seconds(work, count);
    while (seconds < secondsEach && count < MOST_STEPS) {
      // Twice as many at least, and as many as are missing at most.
      double missing = secondsEach / Math.max(seconds, 1e-6);
      count = (int) Math.min(MOST_STEPS, Math.ceil(count * Math.min(10, Math.max(2, missing))));
      seconds = seconds(work, count);
    }
    List<Double> samples = new ArrayList<>();
    for (int i = 0; i < REPETITIONS; i++) {
      samples.add(count * batch / seconds(work, count));
    }
    return samples;
  }

  private static double seconds(Work work, int count) {
    long start = System.nanoTime();
    work.steps(count);
    return (System.nanoTime() - start) / 1e9;
  }

  private void train(Session session, int count) {
    for (int i = 0; i < count; i++) {
      batches.queue(session, ++step);
    }
    session.takeLossSum();
  }

  private void answer(Session session, int count) {
    for (int i = 0; i < count; i++) {
      batches.answer(session, i);
    }
  }

  private static double median(List<Double> samples) {
    return samples.isEmpty()
        ? Double.NaN
        : samples.stream().sorted().toList().get(samples.size() / 2);
  }
}
