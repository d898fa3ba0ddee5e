package dev.convoy.driver.ensemble.statistics;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The examples that the ensemble is least sure of.
 *
 * @param examples by descending predictive entropy, of equals the earlier ones first
 */
public record LeastSure(List<Example> examples) {

  /**
   * One of them.
   *
   * @param example its index
   * @param id in the listing of its source
   * @param label its class
   * @param predicted the ensemble's most probable class
   * @param probability that the ensemble gives the predicted class
   * @param labelProbability that the ensemble gives the label
   * @param predictiveEntropy of the ensemble's answer, in nats
   * @param path where it comes from; null until that is looked up
   */
  public record Example(
      int example,
      int id,
      int label,
      int predicted,
      double probability,
      double labelProbability,
      double predictiveEntropy,
      @JsonInclude(JsonInclude.Include.NON_NULL) String path) {
    private Example located(String location) {
      return new Example(
          example,
          id,
          label,
          predicted,
          probability,
          labelProbability,
          predictiveEntropy,
          location);
    }
  }

  /**
   * The same with paths.
   *
   * @param paths by id
   */
  LeastSure located(Map<Integer, String> paths) {
    return new LeastSure(
        examples.stream().map(example -> example.located(paths.get(example.id()))).toList());
  }

  /** Keeps the examples of the highest entropy. */
  static final class Queue implements Statistic<LeastSure> {
    private static final Comparator<Example> LEAST_SURE_FIRST =
        Comparator.comparingDouble(Example::predictiveEntropy)
            .reversed()
            .thenComparingInt(Example::example);

    private final int count;
    private final PriorityQueue<Example> surestFirst =
        new PriorityQueue<>(LEAST_SURE_FIRST.reversed());

    Queue(int count) {
      this.count = count;
    }

    @Override
    public void add(EnsembleAnswer answer) {
      surestFirst.add(
          new Example(
              answer.example(),
              answer.id(),
              answer.label(),
              answer.predicted(),
              answer.probabilities()[answer.predicted()],
              answer.probabilities()[answer.label()],
              answer.uncertainty().predictiveEntropy(),
              null));
      if (surestFirst.size() > count) {
        surestFirst.remove();
      }
    }

    @Override
    public LeastSure result() {
      return new LeastSure(surestFirst.stream().sorted(LEAST_SURE_FIRST).toList());
    }
  }
}
