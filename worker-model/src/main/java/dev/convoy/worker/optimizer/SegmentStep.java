package dev.convoy.worker.optimizer;

import java.util.function.DoubleSupplier;

/**
 * A step of one segment.
 *
 * @param segment which
 * @param rate the schedule's learning rate
 * @param scalars the numbers that the rule keeps
 * @param l2 the share of the parameters that is added to their gradient
 * @param parameterNorm computes the Euclidean norm of the segment's parameters
 * @param gradientNorm computes that of their gradient, without penalties
 */
public record SegmentStep(
    Segment segment,
    double rate,
    double[] scalars,
    double l2,
    DoubleSupplier parameterNorm,
    DoubleSupplier gradientNorm) {}
