package dev.convoy.worker.ensemble;

import java.io.Serializable;
import java.util.Objects;

/**
 * All that it takes to combine members: plain data, to be kept beside them ({@link
 * CombinationJson}).
 *
 * @param members how many there are, from 1 to {@value #MAX_MEMBERS}
 * @param classes that they choose from, or numbers that they predict, from 1 to {@value
 *     #MAX_CLASSES}
 * @param rule that combines
 * @param temperature by which the combined answer is softened, above 0; 1 leaves it bit for bit as
 *     it is, more makes it less sure: softmax(log p / temperature), Guo et al., "On Calibration of
 *     Modern Neural Networks", ICML 2017. 1 for rules that take none ({@link
 *     CombinationRule#takesTemperature})
 */
public record CombinationSettings(
    int members, int classes, CombinationRule rule, double temperature) implements Serializable {
  /** No ensemble is larger. */
  public static final int MAX_MEMBERS = 1000;

  /** No network has more outputs. */
  public static final int MAX_CLASSES = 1_000_000;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if a number is out of its range, the rule was made for other
   *     numbers of members and classes, or votes are to be softened
   */
  public CombinationSettings {
    Objects.requireNonNull(rule, "rule");
    require(members >= 1 && members <= MAX_MEMBERS, "1 to 1,000 members", members);
    require(classes >= 1 && classes <= MAX_CLASSES, "1 to 1,000,000 classes", classes);
    require(
        temperature > 0 && Double.isFinite(temperature),
        "a finite temperature above 0",
        temperature);
    require(
        temperature == 1 || rule.takesTemperature(),
        "a temperature of 1 for a " + rule.key() + " vote",
        temperature);
    rule.requireFit(members, classes);
  }

  /** The same without temperature. */
  public static CombinationSettings of(int members, int classes, CombinationRule rule) {
    return new CombinationSettings(members, classes, rule, 1);
  }

  /** The rule, followed by the temperature. */
  public Combination combination() {
    return temperature == 1 ? rule : new Tempered(rule, temperature);
  }

  private static void require(boolean fulfilled, String expected, Number found) {
    if (!fulfilled) {
      throw new IllegalArgumentException(
          "Cannot combine members: expected " + expected + ", found " + found + ".");
    }
  }
}
