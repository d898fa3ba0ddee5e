package dev.convoy.worker.ensemble;

import dev.convoy.data.component.Component;

/**
 * Every member that takes part has one vote, for the class that it finds most probable (of equal
 * ones that with the lowest index), and the class with most votes is chosen: votes / M.
 *
 * <p>Of classes with equally many votes that with the higher mean probability is chosen, and then
 * that with the lower index. So that it is also the most probable class of the answer, its share is
 * one step of a float (at most 6e-8) above the others', and the sum that much above 1.
 */
public record HardVote() implements CombinationRule {
  private static final String KEY = "hard";

  static final Component<CombinationMethod> COMPONENT =
      Component.named(KEY, "the class that most members find most probable")
          .createdBy(options -> CombinationMethod.of(new HardVote()));

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public boolean takesTemperature() {
    return false;
  }

  @Override
  public void combine(float[] probabilities, boolean[] parts, double[] into) {
    MemberAnswers answers = new MemberAnswers(probabilities, parts, into.length);
    int[] votes = new int[into.length];
    for (int member = 0; member < parts.length; member++) {
      if (parts[member]) {
        votes[answers.mostProbable(member)]++;
      }
    }
    answers.mean(into);
    int chosen = winner(votes, into);
    boolean tied = false;
    int taking = answers.taking();
    for (int i = 0; i < into.length; i++) {
      tied |= i != chosen && votes[i] == votes[chosen];
      into[i] = (double) votes[i] / taking;
    }
    if (tied) {
      into[chosen] = Math.nextUp((float) into[chosen]);
    }
  }

  /**
   * The class with most votes; of equals that with the higher mean probability, then the lower
   * index.
   *
   * @param votes for each class
   * @param mean probability of each class
   */
  public static int winner(int[] votes, double[] mean) {
    int chosen = 0;
    for (int i = 1; i < votes.length; i++) {
      boolean more = votes[i] > votes[chosen];
      if (more || (votes[i] == votes[chosen] && mean[i] > mean[chosen])) {
        chosen = i;
      }
    }
    return chosen;
  }
}
