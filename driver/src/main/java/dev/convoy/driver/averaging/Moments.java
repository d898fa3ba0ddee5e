package dev.convoy.driver.averaging;

import dev.convoy.worker.optimizer.Segment;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;

/**
 * Where the running mean and variance of one layer stand in the flat parameter vector.
 *
 * @param mean its first value
 * @param variance its first value
 * @param length how many channels there are
 */
public record Moments(int mean, int variance, int length) implements Serializable {

  /** Those of a network. */
  static List<Moments> of(List<Segment> segments) {
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
                            Math.toIntExact(mean.length()))));
      }
    }
    return all;
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
