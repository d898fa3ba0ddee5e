package dev.convoy.worker.ensemble;

import dev.convoy.data.Text;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.worker.Probabilities;
import java.util.Arrays;
import java.util.Map;

/**
 * A multinomial logistic regression on the members' probabilities: softmax(xW + b), x being those
 * of all members one after the other. Members that take no part are replaced by the mean of those
 * that do ({@link MemberAnswers#imputed}). Wolpert, "Stacked Generalization", Neural Networks 5,
 * 1992. Immutable.
 */
public final class StackedVote implements CombinationRule {
  /** With more there is no such rule: members × classes². */
  public static final int MAX_COEFFICIENTS = 1 << 22;

  private static final String KEY = "stacked";
  private static final String COEFFICIENTS = "coefficients";
  private static final String INTERCEPTS = "intercepts";

  private static final Option<Integer> EXAMPLES =
      Option.wholeNumber(
          "stacking-examples", 50_000, 1, Integer.MAX_VALUE, "examples learned from at most");

  static final Component<CombinationMethod> COMPONENT =
      Component.named(KEY, "a logistic regression on the probabilities")
          .from("Wolpert, Stacked Generalization, 1992")
          .with(EXAMPLES)
          .createdBy(options -> new Method(options.value(EXAMPLES)));

  /** A regression that is learned. */
  private record Method(int maxExamples) implements CombinationMethod {
    @Override
    public boolean learns() {
      return true;
    }

    @Override
    public int mostClasses(int members) {
      return (int) Math.sqrt((double) MAX_COEFFICIENTS / members);
    }

    @Override
    public CombinationRule rule(Learner learner) {
      return learner.regression(maxExamples);
    }

    @Override
    public Map<String, Length> numbers() {
      return Map.of(
          COEFFICIENTS,
          (members, classes) -> members * classes * classes,
          INTERCEPTS,
          (members, classes) -> classes);
    }

    @Override
    public CombinationRule restored(Map<String, double[]> numbers) {
      return new StackedVote(numbers.get(COEFFICIENTS), numbers.get(INTERCEPTS));
    }
  }

  private static final long serialVersionUID = 1L;

  private final double[] coefficients;
  private final double[] intercepts;

  /**
   * Copies and checks.
   *
   * @param coefficients W, axes [member, class that it speaks of, class of the answer]; finite
   * @param intercepts b, one for each class; finite
   * @throws IllegalArgumentException if a number is not finite, or the lengths do not fit each
   *     other for any number of members
   */
  public StackedVote(double[] coefficients, double[] intercepts) {
    this.coefficients = coefficients.clone();
    this.intercepts = intercepts.clone();
    requireFinite(this.coefficients);
    requireFinite(this.intercepts);
    long square = (long) intercepts.length * intercepts.length;
    if (square == 0 || coefficients.length == 0 || coefficients.length % square != 0) {
      throw unfit(Text.of("members × %d² coefficients", intercepts.length), coefficients.length);
    }
    if (coefficients.length > MAX_COEFFICIENTS) {
      throw unfit(Text.of("at most %,d coefficients", MAX_COEFFICIENTS), coefficients.length);
    }
  }

  /** A copy of W, axes [member, class that it speaks of, class of the answer]. */
  public double[] coefficients() {
    return coefficients.clone();
  }

  /** A copy of b, one for each class. */
  public double[] intercepts() {
    return intercepts.clone();
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public Map<String, double[]> numbers() {
    return Map.of(COEFFICIENTS, coefficients.clone(), INTERCEPTS, intercepts.clone());
  }

  @Override
  public void requireFit(int members, int classes) {
    if (intercepts.length != classes) {
      throw unfit(classes + " intercepts, one for each class", intercepts.length);
    }
    if ((long) members * classes * classes != coefficients.length) {
      throw unfit(Text.of("%d × %d² coefficients", members, classes), coefficients.length);
    }
  }

  @Override
  public void combine(float[] probabilities, boolean[] parts, double[] into) {
    MemberAnswers answers = new MemberAnswers(probabilities, parts, into.length);
    requireFit(parts.length, into.length);
    float[] features = answers.imputed();
    System.arraycopy(intercepts, 0, into, 0, into.length);
    for (int feature = 0; feature < features.length; feature++) {
      int first = feature * into.length;
      for (int i = 0; i < into.length; i++) {
        into[i] += features[feature] * coefficients[first + i];
      }
    }
    Probabilities.softmax(into);
  }

  /** Whether it is a rule with the same numbers. */
  @Override
  public boolean equals(Object other) {
    return other instanceof StackedVote stacked
        && Arrays.equals(stacked.coefficients, coefficients)
        && Arrays.equals(stacked.intercepts, intercepts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(coefficients) + Arrays.hashCode(intercepts);
  }

  /** The sizes, for messages. */
  @Override
  public String toString() {
    return Text.of(
        "StackedVote[%d coefficients, %d intercepts]", coefficients.length, intercepts.length);
  }

  private static void requireFinite(double[] numbers) {
    for (double number : numbers) {
      if (!Double.isFinite(number)) {
        throw unfit("finite numbers", number);
      }
    }
  }

  private static IllegalArgumentException unfit(String expected, Number found) {
    return new IllegalArgumentException(
        "Cannot combine members by stacking: expected " + expected + ", found " + found + ".");
  }
}
