package dev.convoy.worker.ensemble;

import dev.convoy.data.component.Component;
import dev.convoy.worker.Probabilities;

/**
 * The normalised geometric mean of the members' probabilities: exp(Σ log p_m / M) over the members
 * that take part, divided by its sum over classes; probabilities count as {@value
 * Probabilities#FLOOR} at least. Also known as the logarithmic opinion pool (Genest and Zidek,
 * "Combining Probability Distributions", Statistical Science 1, 1986).
 */
public record GeometricMean() implements CombinationRule {
  private static final String KEY = "geometric";

  static final Component<CombinationMethod> COMPONENT =
      Component.named(KEY, "the geometric mean of the probabilities")
          .from("Genest and Zidek, Combining Probability Distributions, 1986")
          .createdBy(options -> CombinationMethod.of(new GeometricMean()));

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public void combine(float[] probabilities, boolean[] parts, double[] into) {
    MemberAnswers answers = new MemberAnswers(probabilities, parts, into.length);
    int taking = answers.taking();
    for (int i = 0; i < into.length; i++) {
      double sum = 0;
      for (int member = 0; member < parts.length; member++) {
        if (parts[member]) {
          sum -= Probabilities.crossEntropy(answers.probability(member, i));
        }
      }
      into[i] = sum / taking;
    }
    Probabilities.softmax(into);
  }
}
