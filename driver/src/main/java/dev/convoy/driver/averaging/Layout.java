package dev.convoy.driver.averaging;

import dev.convoy.worker.optimizer.Segment;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What the values of a flat parameter vector are to averaging, or those of a slice of it. Travels
 * to executors.
 *
 * @param learned its stretches that are learned, in order; the others are averaged whatever the
 *     rule
 * @param moments running statistics that are averaged as moments; the others, value by value
 */
public record Layout(List<Learned> learned, List<Moments> moments) implements Serializable {
  /** Where nothing is known: every value is like the others. */
  public static final Layout NONE = new Layout(List.of(), List.of());

  /** Copies the lists. */
  public Layout {
    learned = List.copyOf(learned);
    moments = List.copyOf(moments);
  }

  /**
   * The layout of a network.
   *
   * @param segments of its parameters
   * @param statistics how running statistics are averaged
   */
  public static Layout of(List<Segment> segments, StatisticsAveraging statistics) {
    return of(segments, statistics, layer -> 1);
  }

  /**
   * The layout of a network's gradient, which has in place of a running statistic r what the
   * batch's statistic b takes off it, (1 − decay)(r − b).
   *
   * @param decays of the layers that have running statistics, by their names
   */
  public static Layout ofGradient(
      List<Segment> segments, StatisticsAveraging statistics, Map<String, Double> decays) {
    return of(segments, statistics, layer -> decays.get(layer) - 1);
  }

  private static Layout of(
      List<Segment> segments, StatisticsAveraging statistics, ToDoubleFunction<String> scale) {
    return new Layout(
        Learned.of(segments),
        statistics == StatisticsAveraging.MEAN ? List.of() : Moments.of(segments, scale));
  }

  /**
   * What a slice has of it, counted from the slice's beginning.
   *
   * @param from where the slice begins; no layer's moments may lie on both sides of its ends
   * @param to where it ends
   */
  Layout within(int from, int to) {
    return new Layout(
        Learned.within(learned, from, to),
        moments.stream()
            .filter(one -> one.begin() >= from && one.end() <= to)
            .map(one -> one.from(from))
            .toList());
  }

  /** The values of a vector that are not learned, in order. */
  float[] measured(float[] vector) {
    float[] measured = new float[vector.length - learnedValues()];
    int end = 0;
    int from = 0;
    for (Learned stretch : learned) {
      System.arraycopy(vector, from, measured, end, stretch.from() - from);
      end += stretch.from() - from;
      from = stretch.to();
    }
    System.arraycopy(vector, from, measured, end, vector.length - from);
    return measured;
  }

  /** A vector of that length that has those of {@link #measured}, and else zeros. */
  float[] withMeasured(float[] measured, int length) {
    float[] vector = new float[length];
    int end = 0;
    int from = 0;
    for (Learned stretch : learned) {
      System.arraycopy(measured, end, vector, from, stretch.from() - from);
      end += stretch.from() - from;
      from = stretch.to();
    }
    System.arraycopy(measured, end, vector, from, length - from);
    return vector;
  }

  /** How many values are learned. */
  public int learnedValues() {
    return learned.stream().mapToInt(stretch -> stretch.to() - stretch.from()).sum();
  }

  /**
   * Where the learned value of that number stands.
   *
   * @param number counted from 0, less than {@link #learnedValues}
   */
  int learnedValue(int number) {
    int left = number;
    for (Learned stretch : learned) {
      int length = stretch.to() - stretch.from();
      if (left < length) {
        return stretch.from() + left;
      }
      left -= length;
    }
    throw new IllegalArgumentException("No learned value " + number);
  }
}
