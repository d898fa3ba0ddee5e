package dev.convoy.worker.ensemble;

import dev.convoy.data.component.Component;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The weighted mean of the members' probabilities: Σ w_m p_m / Σ w_m over the members that take
 * part; their plain mean where all of them have weight 0.
 *
 * @param weights one for each member, finite and at least 0, not all 0; only their ratios matter
 */
public record WeightedVote(List<Double> weights) implements CombinationRule {
  private static final String KEY = "weighted";
  private static final String WEIGHTS = "weights";

  static final Component<CombinationMethod> COMPONENT =
      Component.named(KEY, "the mean of the probabilities, with weights that fit best")
          .createdBy(options -> new Method());

  /** Weights that are learned. */
  private record Method() implements CombinationMethod {
    @Override
    public boolean learns() {
      return true;
    }

    @Override
    public CombinationRule rule(Learner learner) {
      return new WeightedVote(learner.mixtureWeights());
    }

    @Override
    public Map<String, Length> numbers() {
      return Map.of(WEIGHTS, (members, classes) -> members);
    }

    @Override
    public CombinationRule restored(Map<String, double[]> numbers) {
      return new WeightedVote(Arrays.stream(numbers.get(WEIGHTS)).boxed().toList());
    }
  }

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if a weight is no such number, or all are 0
   */
  public WeightedVote {
    weights = List.copyOf(weights);
    double sum = 0;
    for (double weight : weights) {
      if (!(weight >= 0)) {
        throw unfit("weights of 0 or more", weight);
      }
      sum += weight;
    }
    if (!(sum > 0 && Double.isFinite(sum))) {
      throw unfit("weights with a finite sum above 0", sum);
    }
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public Map<String, double[]> numbers() {
    return Map.of(WEIGHTS, weights.stream().mapToDouble(Double::doubleValue).toArray());
  }

  @Override
  public List<Double> weights(int members) {
    return weights;
  }

  @Override
  public CombinationRule only(List<Integer> members) {
    return new WeightedVote(members.stream().map(weights::get).toList());
  }

  @Override
  public void requireFit(int members, int classes) {
    if (weights.size() != members) {
      throw unfit(members + " weights, one for each member", weights.size());
    }
  }

  @Override
  public void combine(float[] probabilities, boolean[] parts, double[] into) {
    MemberAnswers answers = new MemberAnswers(probabilities, parts, into.length);
    requireFit(parts.length, into.length);
    answers.mean(into);
    double total = 0;
    for (int member = 0; member < parts.length; member++) {
      total += parts[member] ? weights.get(member) : 0;
    }
    if (total > 0) {
      weigh(answers, total, into);
    }
  }

  private void weigh(MemberAnswers answers, double total, double[] into) {
    Arrays.fill(into, 0);
    for (int member = 0; member < answers.members(); member++) {
      double share = answers.parts()[member] ? weights.get(member) / total : 0;
      for (int i = 0; i < into.length && share > 0; i++) {
        into[i] += share * answers.probability(member, i);
      }
    }
  }

  private static IllegalArgumentException unfit(String expected, Number found) {
    return new IllegalArgumentException(
        "Cannot combine members by weights: expected " + expected + ", found " + found + ".");
  }
}
