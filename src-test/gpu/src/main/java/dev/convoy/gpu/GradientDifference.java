package dev.convoy.gpu;

import dev.convoy.worker.optimizer.Segment;
import java.util.List;

/**
 * How far a gradient is from another.
 *
 * @param largest of the parameters' differences: each is the largest difference of its values, by
 *     the largest of its expected values, or by 2 % of the largest of all where it has none so
 *     large (gradients that cancel out are rounding alone)
 * @param parameter where that is, as {@code layer/parameter}
 * @param cosine of the angle between both, running statistics left out
 */
record GradientDifference(double largest, String parameter, double cosine) {
  private static final double LEAST_SHARE = 0.02;

  /** Of two gradients that are laid out alike. Values that are no numbers differ infinitely. */
  static GradientDifference of(double[] actual, double[] expected, List<Segment> segments) {
    double greatest = 0;
    double product = 0;
    double ofActual = 0;
    double ofExpected = 0;
    for (Segment segment : learned(segments)) {
      for (int i = from(segment); i < to(segment); i++) {
        greatest = Math.max(greatest, Math.abs(expected[i]));
        product += actual[i] * expected[i];
        ofActual += actual[i] * actual[i];
        ofExpected += expected[i] * expected[i];
      }
    }
    double largest = 0;
    String where = "";
    for (Segment segment : segments) {
      double difference = difference(actual, expected, segment, LEAST_SHARE * greatest);
      if (difference >= largest) {
        largest = difference;
        where = segment.layer() + "/" + segment.parameter();
      }
    }
    return new GradientDifference(largest, where, product / Math.sqrt(ofActual * ofExpected));
  }

  private static List<Segment> learned(List<Segment> segments) {
    return segments.stream()
        .filter(segment -> segment.kind() != Segment.Kind.RUNNING_STATISTIC)
        .toList();
  }

  private static double difference(
      double[] actual, double[] expected, Segment segment, double leastScale) {
    double scale = leastScale;
    double difference = 0;
    for (int i = from(segment); i < to(segment); i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      double distance = Math.abs(actual[i] - expected[i]);
      difference =
          Math.max(difference, Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance);
    }
    return difference == 0 ? 0 : difference / scale;
  }

  private static int from(Segment segment) {
    return Math.toIntExact(segment.offset());
  }

  private static int to(Segment segment) {
    return Math.toIntExact(segment.offset() + segment.length());
  }

  /** The same numbers in double precision. */
  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
