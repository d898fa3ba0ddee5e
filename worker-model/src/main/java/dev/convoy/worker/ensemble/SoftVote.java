package dev.convoy.worker.ensemble;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import java.util.Map;

/** The mean of the members' probabilities: Σ p_m / M over the members that take part. */
public record SoftVote() implements CombinationRule {
  private static final String KEY = "soft";

  /** Which members answer. */
  private enum Select {
    /** All. */
    ALL,
    /** Those that make the ensemble better, as often as they do. */
    GREEDY
  }

  private static final Option<Select> SELECT =
      Option.choice(
          "select",
          Select.ALL,
          ValueType::nameOf,
          "all members, or those that make the ensemble better, as often as they do");

  private static final Option<Integer> SELECTION_ROUNDS =
      Option.wholeNumber("selection-rounds", 50, 1, 10_000, "how many members are chosen at most");

  static final Component<CombinationMethod> COMPONENT =
      Component.named(KEY, "the mean of the probabilities, of all members or of a selection")
          .from("Caruana et al., Ensemble Selection from Libraries of Models, 2004")
          .with(SELECT, SELECTION_ROUNDS)
          .createdBy(SoftVote::method);

  private static CombinationMethod method(OptionValues options) {
    return options.value(SELECT) == Select.ALL
        ? CombinationMethod.of(new SoftVote())
        : new Selection(options.value(SELECTION_ROUNDS));
  }

  /** The mean of the members that are chosen. */
  private record Selection(int rounds) implements CombinationMethod {
    @Override
    public boolean learns() {
      return true;
    }

    @Override
    public CombinationRule rule(Learner learner) {
      return new WeightedVote(learner.selection(rounds));
    }

    @Override
    public CombinationRule restored(Map<String, double[]> numbers) {
      return new SoftVote();
    }
  }

  @Override
  public String key() {
    return KEY;
  }

  @Override
  public void combine(float[] probabilities, boolean[] parts, double[] into) {
    new MemberAnswers(probabilities, parts, into.length).mean(into);
  }
}
