package dev.convoy.gpu;

import dev.convoy.data.ImageShape;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.cuda.DeviceMemoryException;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.schedule.StepRates;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

/**
 * Images per second of a network in training and in inference. Images come from the host's memory
 * as bytes, a batch for every step, as they do in a run.
 */
final class Speed {
  private static final int BATCHES = 4;
  private static final int WARM_UP = 6;
  private static final int REPETITIONS = 7;
  private static final int MOST_STEPS = 10_000;

  private final SavedNetwork network;
  private final int batch;
  private final double secondsEach;
  private final List<Images> images = new ArrayList<>();
  private final List<Targets> targets = new ArrayList<>();
  private int step;

  /**
   * What was measured.
   *
   * @param network its name
   * @param precision of values
   * @param batch images in a step: fewer than asked for where memory ends
   * @param training images per second, the median of the samples
   * @param inference likewise
   * @param trainingSamples images per second
   * @param inferenceSamples likewise
   * @param firstStepsSeconds what opening the network and its first steps took
   * @param takenBytes of the card's memory while it trained
   */
  record Entry(
      String network,
      Precision precision,
      int batch,
      double training,
      double inference,
      List<Double> trainingSamples,
      List<Double> inferenceSamples,
      double firstStepsSeconds,
      long takenBytes) {}

  private Speed(SavedNetwork network, int batch, double secondsEach) {
    this.network = network;
    this.batch = batch;
    this.secondsEach = secondsEach;
    Random random = new Random(batch);
    ImageShape shape =
        new ImageShape(
            network.input().height(), network.input().width(), network.input().channels());
    for (int i = 0; i < BATCHES; i++) {
      byte[] pixels = new byte[batch * network.input().values()];
      random.nextBytes(pixels);
      images.add(
          new Images.Pixels(pixels, shape, Normalization.identity(network.input().channels())));
      targets.add(Targets.ofClasses(random.ints(batch, 0, network.input().classes()).toArray()));
    }
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
      train(session, WARM_UP);
      double first = (System.nanoTime() - start) / 1e9;
      long taken = free - machine.freeBytes();
      List<Double> training = samples(count -> train(session, count));
      answer(session, WARM_UP);
      List<Double> inference = samples(count -> answer(session, count));
      return new Entry(
          network.name(),
          precision,
          batch,
          median(training),
          median(inference),
          training,
          inference,
          first,
          taken);
    }
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
      session.queue(
          images.get(step % BATCHES),
          targets.get(step % BATCHES),
          batch,
          step,
          new StepRates(0.01, OptionalDouble.empty(), step));
      step++;
    }
    session.takeLossSum();
  }

  private void answer(Session session, int count) {
    for (int i = 0; i < count; i++) {
      session.probabilities(images.get(i % BATCHES), batch);
    }
  }

  private static double median(List<Double> samples) {
    return samples.stream().sorted().toList().get(samples.size() / 2);
  }
}
