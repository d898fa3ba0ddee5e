package dev.convoy.driver.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.source.NumberScale;
import dev.convoy.worker.training.EvaluationSums;
import dev.convoy.worker.training.NumberErrors;
import java.util.List;
import java.util.Optional;

/** What was measured of a network on images, as metrics.jsonl and summaries have it. */
public final class EvaluationScores {
  /** The names of what is measured of numbers. */
  static final List<String> OF_NUMBERS = List.of("mae", "rmse", "r2");

  private EvaluationScores() {}

  /**
   * Puts the loss, and the accuracy or, in the numbers' own units, mean absolute error, root mean
   * squared error and coefficient of determination; of several numbers their means, and each.
   *
   * @param names of the numbers
   * @param scale by which numbers were standardised
   * @return the same object
   */
  public static ObjectNode put(
      ObjectNode node, EvaluationSums sums, List<String> names, Optional<NumberScale> scale) {
    node.put("loss", sums.loss());
    Optional<NumberErrors> found = sums.numberErrors();
    if (found.isEmpty()) {
      return node.put("accuracy", sums.accuracy());
    }
    NumberErrors errors = scale.map(found.get()::unscaled).orElse(found.get());
    put(node, errors.meanAbsoluteError(), errors.rootMeanSquaredError(), errors.determination());
    if (errors.outputs() > 1) {
      ObjectNode numbers = node.putObject("numbers");
      for (int i = 0; i < errors.outputs(); i++) {
        put(
            numbers.putObject(names.get(i)),
            errors.meanAbsoluteError(i),
            errors.rootMeanSquaredError(i),
            errors.determination(i));
      }
    }
    return node;
  }

  private static void put(ObjectNode node, double absolute, double squared, double determination) {
    node.put(OF_NUMBERS.get(0), absolute)
        .put(OF_NUMBERS.get(1), squared)
        .put(OF_NUMBERS.get(2), determination);
  }
}
