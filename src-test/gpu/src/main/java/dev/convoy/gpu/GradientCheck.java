package dev.convoy.gpu;

import dev.convoy.gpu.ReferenceCase.Batch;
import dev.convoy.gpu.ReferenceCase.Reference;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.schedule.StepRates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Loss and gradient of a network on the GPU beside references. A plan takes its first step call by
 * call, is captured in the second, and is replayed from the third on: all have to be the same bits,
 * and so have the parameters that the same steps lead to twice.
 */
final class GradientCheck {
  private static final int STEPS = 4;

  /** What is asked of single precision, or so many times what the CPU differs from the formulas. */
  private static final double FLOAT_ROUNDING = 1e-3;

  private static final double OF_CPU = 10;

  /**
   * A network whose gradient differs by more on the CPU amplifies rounding, as deep ones do that
   * normalise few images by their own statistics: in less precision any direction is right.
   */
  private static final double AMPLIFYING = 2e-5;

  private static final double LEAST_COSINE_TF32 = 0.99;
  private static final double LEAST_COSINE_BFLOAT16 = 0.9;

  private GradientCheck() {}

  /**
   * What was found of a network in a precision.
   *
   * @param network its name
   * @param precision of values
   * @param loss of the GPU
   * @param lossOfCpu the same of the CPU
   * @param fromFormulas the gradient's difference from the formulas', or from the CPU's if there
   *     are none
   * @param cpuFromFormulas that of the CPU's gradient
   * @param sameStep whether the gradient was the same bits call by call, captured and replayed
   * @param sameParameters whether the same steps led to the same bits twice
   * @param lostBytes of the card's memory, when all was closed
   * @param seconds it took, opening included
   * @param description of the session
   * @param verdict {@code right}, or what is not
   */
  record Entry(
      String network,
      Precision precision,
      double loss,
      double lossOfCpu,
      GradientDifference fromFormulas,
      double cpuFromFormulas,
      boolean sameStep,
      boolean sameParameters,
      long lostBytes,
      double seconds,
      String description,
      String verdict) {}

  /** Compares one network. */
  static Entry of(CheckedGpu machine, ReferenceCase reference, Precision precision)
      throws UnsupportedNetworkException {
    long start = System.nanoTime();
    long free = machine.freeBytes();
    List<Session.Gradient> gradients = new ArrayList<>();
    String description;
    boolean sameParameters;
    try (Session session = machine.session(reference.network(), precision, Steps.MOMENTUM)) {
      description = session.description();
      for (int step = 0; step < STEPS; step++) {
        gradients.add(gradient(session, reference));
      }
      sameParameters = Arrays.equals(trained(session, reference), trained(session, reference));
    }
    long lost = free - machine.freeBytes();
    Session.Gradient first = gradients.get(0);
    boolean sameStep =
        gradients.stream()
            .allMatch(
                other ->
                    other.loss() == first.loss() && Arrays.equals(other.values(), first.values()));
    Reference expected = reference.formulas().orElse(reference.cpu());
    GradientDifference difference =
        GradientDifference.of(
            GradientDifference.doubles(first.values()), expected.gradient(), reference.segments());
    double ofCpu =
        GradientDifference.of(reference.cpu().gradient(), expected.gradient(), reference.segments())
            .largest();
    return new Entry(
        reference.network().name(),
        precision,
        first.loss(),
        reference.cpu().loss(),
        difference,
        ofCpu,
        sameStep,
        sameParameters,
        lost,
        (System.nanoTime() - start) / 1e9,
        description,
        verdict(precision, difference, ofCpu, sameStep, sameParameters));
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

  private static String verdict(
      Precision precision,
      GradientDifference difference,
      double ofCpu,
      boolean sameStep,
      boolean sameParameters) {
    List<String> wrong = new ArrayList<>();
    double limit = Math.max(FLOAT_ROUNDING, OF_CPU * ofCpu);
    if (precision == Precision.FLOAT32 && !(difference.largest() <= limit)) {
      wrong.add(String.format(Locale.ROOT, "differs by more than %.1e", limit));
    }
    double leastCosine =
        precision == Precision.BFLOAT16 ? LEAST_COSINE_BFLOAT16 : LEAST_COSINE_TF32;
    boolean any = precision != Precision.FLOAT32 && ofCpu > AMPLIFYING;
    double least = any ? -1 : leastCosine;
    if (!(difference.cosine() >= least)) {
      wrong.add("another direction");
    }
    if (!sameStep) {
      wrong.add("other bits when replayed");
    }
    if (!sameParameters) {
      wrong.add("other parameters the second time");
    }
    return wrong.isEmpty() ? "right" : String.join(", ", wrong);
  }
}
