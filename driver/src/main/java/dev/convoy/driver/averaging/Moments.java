package dev.convoy.driver.averaging;

import dev.convoy.worker.optimizer.Segment;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;

/**
 * Where the running mean and variance of one layer stand in the flat vector that is averaged.
 *
 * @param mean its first value
 * @param variance its first value
 * @param length how many channels there are
 * @param scale by how much the vector's values change where the statistics change by 1: 1 for
 *     parameters, −(1 − decay) for what a batch takes off them; 0 if nothing becomes of it
 */
public record Moments(int mean, int variance, int length, double scale) implements Serializable {

  /**
   * Those of a network.
   *
   * @param scale of a layer, by its name
   */
  static List<Moments> of(List<Segment> segments, ToDoubleFunction<String> scale) {
    List<Moments> all = new ArrayList<>();
    for (Segment mean : segments) {
      if (mean.parameter().equals(BatchNormalizationParamInitializer.GLOBAL_MEAN)) {
        segments.stream()
            .filter(other -> other.layer().equals(mean.layer()))
            .filter(
                other -> other.parameter().equals(BatchNormalizationParamInitializer.GLOBAL_VAR))
            .forEach(
                variance ->
                    all.add(
                        new Moments(
                            Math.toIntExact(mean.offset()),
                            Math.toIntExact(variance.offset()),
                            Math.toIntExact(mean.length()),
                            scale.applyAsDouble(mean.layer()))));
      }
    }
    return all;
  }

  /** The same counted from another place. */
  Moments from(int place) {
    return new Moments(mean - place, variance - place, length, scale);
  }

  /** The value after the last of both. */
  int end() {
    return Math.max(mean, variance) + length;
  }

  /** The first value of both. */
  int begin() {
    return Math.min(mean, variance);
  }
}
