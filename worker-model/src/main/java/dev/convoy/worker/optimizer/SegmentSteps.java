package dev.convoy.worker.optimizer;

import dev.convoy.worker.schedule.StepRates;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;

/**
 * One step of an optimizer that is taken segment by segment, each as soon as its gradient is known:
 * no gradient has to be kept until all are. The same as {@link ParameterUpdate#step}, to the last
 * bit, in whatever order segments come.
 */
public final class SegmentSteps {
  private final ParameterUpdate update;
  private final int batchSize;
  private final StepRates rates;
  private final Optional<StepNorms> norms;
  private final Set<Segment> awaited;

  SegmentSteps(
      ParameterUpdate update,
      List<Segment> learned,
      int batchSize,
      StepRates rates,
      Optional<StepNorms> norms) {
    this.update = update;
    this.batchSize = batchSize;
    this.rates = rates;
    this.norms = norms;
    this.awaited = new LinkedHashSet<>(learned);
  }

  /**
   * Takes the step of a parameter.
   *
   * @param layer its name
   * @param parameter its name in the layer
   * @param gradient summed over the batch, in the order of the network's parameters, or what is to
   *     be taken off a running statistic; used up
   */
  public void take(String layer, String parameter, FloatPointer gradient) {
    Segment segment = update.segment(layer, parameter);
    if (segment.kind() == Segment.Kind.RUNNING_STATISTIC || awaited.remove(segment)) {
      update.stepOf(segment, gradient, batchSize, rates, norms);
    }
  }

  /**
   * Takes the step of every parameter.
   *
   * @param gradient of all, flat, in the network's order; not changed
   */
  public void takeAll(float[] gradient) {
    for (Segment segment : update.segments()) {
      int length = Math.toIntExact(segment.length());
      try (FloatPointer values = new FloatPointer((long) length)) {
        values.put(gradient, Math.toIntExact(segment.offset()), length);
        take(segment.layer(), segment.parameter(), values);
      }
    }
  }

  /**
   * Ends the step: what no gradient came for has one of zeros.
   *
   * @return the norms, if they were asked for
   */
  public Optional<StepNorms> finish() {
    for (Segment segment : awaited) {
      try (FloatPointer zeros = new FloatPointer(segment.length())) {
        zeros.zero();
        update.stepOf(segment, zeros, batchSize, rates, norms);
      }
    }
    awaited.clear();
    return norms;
  }
}
