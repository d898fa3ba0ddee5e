package dev.convoy.driver.ensemble.fit;

import dev.convoy.data.Text;
import dev.convoy.driver.ensemble.predictions.MemberPredictions;
import dev.convoy.worker.ensemble.StackedVote;
import java.util.Arrays;

/**
 * A multinomial logistic regression from what the members say to the label: the least of Σ
 * cross-entropy + ½‖W‖², the intercepts not being held down; the objective of scikit-learn's {@code
 * LogisticRegression(C=1)}. Wolpert, "Stacked Generalization", Neural Networks 5, 1992. Driver
 * only.
 *
 * <p>Found by Newton's method with conjugate gradients; convex, so there is one answer but for a
 * number that could be added to all intercepts, whose mean is made 0. Of a class that no example
 * has the intercept would fall for ever; it stops where its probability no longer matters.
 *
 * <p>Keeps the examples that it learns from as floats (members × classes each) and one double for
 * each example and class. One iteration takes time in proportion to examples × members × classes²;
 * some hundred are made.
 */
public final class StackingFit {
  private StackingFit() {}

  /**
   * Fits to examples that at least one member takes part in; members that do not are replaced by
   * the mean of the others.
   *
   * @param mostExamples that are learned from, at least 1; of more, so many are drawn. Beyond some
   *     50,000 they cost time and memory and tell little
   * @param seed of the draw
   * @throws IllegalArgumentException if there are no such examples, or members × classes² is more
   *     than {@value StackedVote#MAX_COEFFICIENTS}
   */
  public static StackedVote of(MemberPredictions predictions, int mostExamples, long seed) {
    requireSizes(predictions, mostExamples);
    StackingExamples examples = StackingExamples.draw(predictions, mostExamples, seed);
    int classes = predictions.classes();
    SoftmaxRegression regression = new SoftmaxRegression(examples, classes);
    double[] parameters = NewtonMethod.minimize(regression);
    int coefficients = parameters.length - classes;
    return new StackedVote(
        Arrays.copyOf(parameters, coefficients),
        centred(Arrays.copyOfRange(parameters, coefficients, parameters.length)));
  }

  private static void requireSizes(MemberPredictions predictions, int mostExamples) {
    long coefficients =
        (long) predictions.members() * predictions.classes() * predictions.classes();
    if (mostExamples < 1 || coefficients > StackedVote.MAX_COEFFICIENTS) {
      throw new IllegalArgumentException(
          Text.of(
              "Cannot stack members: expected at least 1 example and at most %,d coefficients (members"
                  + " × classes²), found %,d and %,d. Weigh the members instead.",
              StackedVote.MAX_COEFFICIENTS, mostExamples, coefficients));
    }
  }

  private static double[] centred(double[] intercepts) {
    double mean = Arrays.stream(intercepts).sum() / intercepts.length;
    return Arrays.stream(intercepts).map(intercept -> intercept - mean).toArray();
  }
}
