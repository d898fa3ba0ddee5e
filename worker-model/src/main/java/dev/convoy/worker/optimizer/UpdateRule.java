package dev.convoy.worker.optimizer;

import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The registry of update rules: a name and how to make Deeplearning4j's own updater of it. Another
 * rule is another entry.
 */
public final class UpdateRule {

  /**
   * A rule.
   *
   * @param updater of Deeplearning4j, at the configured rate
   * @param biasCorrection of a state that began with zeros
   */
  private record Entry(
      Function<OptimizerSettings, IUpdater> updater, BiasCorrection biasCorrection) {}

  /** What the rate is multiplied by, because the state began with zeros. */
  private interface BiasCorrection {
    /** Of rules without one. */
    BiasCorrection NONE = (settings, steps) -> 1;

    /**
     * The factor.
     *
     * @param steps that the state has taken in, above 0; where states of several workers were
     *     averaged, the mean
     */
    double factor(OptimizerSettings settings, double steps);
  }

  private static final Map<String, Entry> RULES =
      new TreeMap<>(
          Map.of(
              "sgd",
              new Entry(settings -> new Sgd(settings.learningRate()), BiasCorrection.NONE),
              "nesterov",
              new Entry(
                  settings -> new Nesterovs(settings.learningRate(), settings.momentum()),
                  BiasCorrection.NONE),
              "adam",
              new Entry(UpdateRule::adam, UpdateRule::adamCorrection)));

  private UpdateRule() {}

  private static IUpdater adam(OptimizerSettings settings) {
    return new Adam(
        settings.learningRate(),
        settings.adam().beta1(),
        settings.adam().beta2(),
        settings.adam().epsilon());
  }

  /** Kingma and Ba 2015, at the end of section 2. */
  private static double adamCorrection(OptimizerSettings settings, double steps) {
    return Math.sqrt(1 - StrictMath.pow(settings.adam().beta2(), steps))
        / (1 - StrictMath.pow(settings.adam().beta1(), steps));
  }

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
    return entry(settings).updater().apply(settings);
  }

  /** Whether the rule corrects for a state that began with zeros, and so counts its steps. */
  static boolean hasBiasCorrection(OptimizerSettings settings) {
    return entry(settings).biasCorrection() != BiasCorrection.NONE;
  }

  /**
   * What a rate has to be multiplied by where the state's number of steps is not whole, since
   * Deeplearning4j corrects for whole ones: 1 where it is.
   *
   * @param steps that the state takes in with this step, at least 1
   */
  static double correctionBetweenSteps(OptimizerSettings settings, double steps) {
    BiasCorrection correction = entry(settings).biasCorrection();
    return correction.factor(settings, steps) / correction.factor(settings, Math.floor(steps));
  }

  private static Entry entry(OptimizerSettings settings) {
    Entry entry = RULES.get(settings.name());
    if (entry == null) {
      throw new IllegalArgumentException(
          "Cannot make an optimizer: expected one of "
              + RULES.keySet()
              + ", found "
              + settings.name());
    }
    return entry;
  }
}
