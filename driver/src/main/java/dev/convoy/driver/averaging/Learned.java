package dev.convoy.driver.averaging;

import dev.convoy.worker.optimizer.Segment;
import dev.convoy.worker.optimizer.Segment.Kind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of the flat parameter vector that is learned. The others hold running statistics, which
 * are measured, and so are best averaged whatever the rule.
 *
 * @param from its first value
 * @param to the value after its last
 */
public record Learned(int from, int to) implements Serializable {

  /** The stretches of a network, in order; as few as there can be. */
  public static List<Learned> of(List<Segment> segments) {
    List<Learned> stretches = new ArrayList<>();
    for (Segment segment : segments) {
      if (segment.kind() != Kind.RUNNING_STATISTIC) {
        int from = Math.toIntExact(segment.offset());
        int to = Math.toIntExact(segment.offset() + segment.length());
        int last = stretches.size() - 1;
        if (last >= 0 && stretches.get(last).to == from) {
          stretches.set(last, new Learned(stretches.get(last).from, to));
        } else {
          stretches.add(new Learned(from, to));
        }
      }
    }
    return List.copyOf(stretches);
  }

  /** What part of the vector has of the stretches, counted from that part's beginning. */
  static List<Learned> within(List<Learned> stretches, int from, int to) {
    return stretches.stream()
        .filter(stretch -> stretch.from < to && stretch.to > from)
        .map(
            stretch ->
                new Learned(Math.max(stretch.from, from) - from, Math.min(stretch.to, to) - from))
        .toList();
  }
}
