package dev.convoy.worker.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

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
    long count = 0;
    for (GraphVertex vertex : configuration.getVertices().values()) {
      long ofVertex = vertex.numParams(true);
      if (ofVertex < 0 || ofVertex > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a layer of " + ofVertex + " parameters");
      }
      count += ofVertex;
      if (count > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a network of more than 2,147,483,647 parameters");
      }
    }
    return (int) count;
  }
}
