package dev.convoy.worker.ensemble;

/** The mean of the members' probabilities: Σ p_m / M over the members that take part. */
public record SoftVote() implements CombinationRule {
  static final String KEY = "soft";

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public void combine(float[] probabilities, boolean[] parts, double[] into) {
    new MemberAnswers(probabilities, parts, into.length).mean(into);
  }
}
