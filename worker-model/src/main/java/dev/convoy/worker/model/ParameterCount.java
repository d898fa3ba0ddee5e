package dev.convoy.worker.model;

import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;

/** How many parameters a network has, told without making it. */
public final class ParameterCount {
  private ParameterCount() {}

  /**
   * Of a configuration that may come from anywhere.
   *
   * @throws IllegalArgumentException if a layer says that it has fewer than none, or all together
   *     more than a Java array holds
   */
  public static int of(ComputationGraphConfiguration configuration) {
    return sum(
        configuration.getVertices().values().stream().mapToLong(vertex -> vertex.numParams(true)));
  }

  /**
   * The same of layers one after another.
   *
   * @throws IllegalArgumentException as the other does
   */
  public static int of(MultiLayerConfiguration configuration) {
    return sum(
        configuration.getConfs().stream()
            .mapToLong(layer -> layer.getLayer().initializer().numParams(layer)));
  }

  private static int sum(LongStream layers) {
    long count = 0;
    for (long ofLayer : (Iterable<Long>) layers::iterator) {
      if (ofLayer < 0 || ofLayer > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a layer of " + ofLayer + " parameters");
      }
      count += ofLayer;
      if (count > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a network of more than 2,147,483,647 parameters");
      }
    }
    return (int) count;
  }
}
