package dev.convoy.worker.optimizer;

import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The registry of update rules: a name and how to make Deeplearning4j's own updater of it. Another
 * rule is another entry.
 */
public final class UpdateRule {

  private interface Factory {
    IUpdater create(OptimizerSettings settings);
  }

  private static final Map<String, Factory> RULES =
      new TreeMap<>(
          Map.of(
              "sgd", settings -> new Sgd(settings.learningRate()),
              "nesterov", settings -> new Nesterovs(settings.learningRate(), settings.momentum()),
              "adam",
                  settings ->
                      new Adam(
                          settings.learningRate(),
                          settings.adam().beta1(),
                          settings.adam().beta2(),
                          settings.adam().epsilon())));

  private UpdateRule() {}

  /** Names of all rules. */
  public static NavigableSet<String> names() {
    return new TreeSet<>(RULES.keySet());
  }

  /**
   * Deeplearning4j's updater for the settings, at the configured learning rate.
   *
   * @throws IllegalArgumentException if no rule has the given name
   */
  public static IUpdater of(OptimizerSettings settings) {
    Factory factory = RULES.get(settings.name());
    if (factory == null) {
      throw new IllegalArgumentException(
          "Cannot make an optimizer: expected one of "
              + RULES.keySet()
              + ", found "
              + settings.name());
    }
    return factory.create(settings);
  }
}
