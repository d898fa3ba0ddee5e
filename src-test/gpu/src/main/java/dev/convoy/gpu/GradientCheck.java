package dev.convoy.gpu;

import dev.convoy.gpu.ReferenceCase.Batch;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.schedule.StepRates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Loss and gradient of a network on the GPU beside references. A plan takes its first step call by
 * call, is captured in the second, and is replayed from the third on: all have to be the same bits,
 * and so have the parameters that the same steps lead to twice.
 */
final class GradientCheck {
  private static final int STEPS = 4;

  static final String HEADER =
      String.format(
          "%-20s %-8s %9s %9s %9s %10s %9s %5s %6s %6s %6s  %s",
          "network",
          "",
          "largest",
          "CPU's",
          "1-cosine",
          "loss",
          "of loss",
          "steps",
          "params",
          "open/s",
          "s",
          "verdict");

  private GradientCheck() {}

  /**
   * What was found of a network in a precision.
   *
   * @param network its name
   * @param precision of values
   * @param compared loss and gradient
   * @param repeated what the same steps come to
   * @param lostBytes of the card's memory, when all was closed; what others take counts, too
   * @param openSeconds until a session was open: in the first of a process CUDA, the libraries, and
   *     the kernels, which the driver compiles or has kept
   * @param seconds it took, opening included
   * @param description of the session
   * @param verdict {@code right}, or what is not, as {@link GradientVerdict} has it
   */
  record Entry(
      String network,
      Precision precision,
      GradientVerdict.Compared compared,
      Repeated repeated,
      long lostBytes,
      double openSeconds,
      double seconds,
      String description,
      String verdict) {
    /** As {@link #HEADER} has it. */
    String line() {
      return String.format(
          Locale.ROOT,
          "%-20s %-8s %9.1e %9.1e %9.1e %10.6f %9.1e %5s %6s %6.2f %6.2f  %s",
          network,
          precision,
          compared.gradient().largest(),
          compared.ofCpu(),
          1 - compared.gradient().cosine(),
          compared.loss(),
          compared.lossDifference(),
          repeated.sameStep() ? "same" : "other",
          repeated.sameParameters() ? "same" : "other",
          openSeconds,
          seconds,
          verdict);
    }
  }

  /**
   * What the same steps come to.
   *
   * @param sameStep whether the gradient was the same bits call by call, captured and replayed
   * @param sameParameters whether the same steps led to the same bits twice
   * @param parameters the digest of these, to be compared with another process's
   */
  record Repeated(boolean sameStep, boolean sameParameters, String parameters) {}

  /**
   * Compares one network.
   *
   * @param firstStep is given what came of the step that is taken call by call, before others
   */
  static Entry of(
      CheckedGpu machine,
      ReferenceCase reference,
      Precision precision,
      Consumer<GradientVerdict> firstStep)
      throws UnsupportedNetworkException {
    long start = System.nanoTime();
    long free = machine.freeBytes();
    double openSeconds;
    String description;
    GradientVerdict.Compared compared;
    GradientVerdict verdict;
    Repeated repeated;
    try (Session session = machine.session(reference.network(), precision, Steps.MOMENTUM)) {
      openSeconds = (System.nanoTime() - start) / 1e9;
      description = session.description();
      Session.Gradient gradient = gradient(session, reference);
      compared = compared(gradient, reference);
      verdict = GradientVerdict.of(precision, compared);
      firstStep.accept(verdict);
      repeated = repeated(session, reference, gradient);
    }
    return new Entry(
        reference.network().name(),
        precision,
        compared,
        repeated,
        free - machine.freeBytes(),
        openSeconds,
        (System.nanoTime() - start) / 1e9,
        description,
        verdict
            .and(repeated.sameStep(), "other bits when captured or replayed")
            .and(repeated.sameParameters(), "other parameters the second time")
            .toString());
  }

  private static GradientVerdict.Compared compared(
      Session.Gradient gradient, ReferenceCase reference) {
    return new GradientVerdict.Compared(
        gradient.loss(),
        reference.formulas().loss(),
        GradientDifference.of(
            GradientDifference.doubles(gradient.values()),
            reference.formulas().gradient(),
            reference.segments()),
        reference.cpu().largest());
  }

  private static Session.Gradient gradient(Session session, ReferenceCase reference) {
    Batch batch = reference.batch();
    return session.gradient(
        batch.images(reference.network().input()),
        batch.targets(),
        batch.size(),
        batch.key(),
        StepRates.of(0.01));
  }

  private static Repeated repeated(
      Session session, ReferenceCase reference, Session.Gradient first) {
    List<Session.Gradient> others = new ArrayList<>();
    for (int step = 1; step < STEPS; step++) {
      others.add(gradient(session, reference));
    }
    float[] once = trained(session, reference);
    float[] twice = trained(session, reference);
    return new Repeated(
        others.stream()
            .allMatch(
                other ->
                    other.loss() == first.loss() && Arrays.equals(other.values(), first.values())),
        Arrays.equals(once, twice),
        Vectors.digest(once));
  }

  private static float[] trained(Session session, ReferenceCase reference) {
    session.load(reference.network().parameters(), new float[0]);
    Batch batch = reference.batch();
    for (int step = 0; step < STEPS; step++) {
      session.queue(
          batch.images(reference.network().input()),
          batch.targets(),
          batch.size(),
          batch.key() + step,
          new StepRates(0.01, OptionalDouble.empty(), step));
    }
    session.takeLossSum();
    return session.parameters();
  }
}
