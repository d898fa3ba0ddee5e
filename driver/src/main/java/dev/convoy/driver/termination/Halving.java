package dev.convoy.driver.termination;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.OptionValues;
import dev.convoy.data.component.ValueType;
import dev.convoy.driver.state.EarlyStopping;
import java.util.Optional;

/** Successive halving, in brackets of equally many trials. */
final class Halving extends RungRule {
  private static final Option<Optional<Integer>> BRACKET_TRIALS =
      Option.optional(
          "bracket-trials",
          ValueType.wholeNumber(1),
          "trials that are compared with each other; null: as many as let one reach the end");

  static final Component<TerminationRule> COMPONENT =
      Component.named("halving", "the best of a whole bracket go on from each rung")
          .from(
              "Jamieson and Talwalkar, Non-stochastic Best Arm Identification and Hyperparameter"
                  + " Optimization, 2016")
          .with(MIN_EPOCHS, REDUCTION_FACTOR, BRACKET_TRIALS)
          .createdBy(Halving::new);

  private final Optional<Integer> bracketTrials;

  private Halving(OptionValues options) {
    super(options);
    this.bracketTrials = options.value(BRACKET_TRIALS);
  }

  @Override
  public int firstBracket(int maxEpochs) {
    return bracketTrials.orElseGet(() -> trialsForTheEnd(maxEpochs));
  }

  @Override
  public int begun(int maxEpochs, int trials) {
    return trials - trials % firstBracket(maxEpochs);
  }

  @Override
  public Scheduler scheduler(int maxEpochs, Scheduler.Limits limits, EarlyStopping.Metric metric) {
    Brackets.Shape shape = new Brackets.Shape(firstBracket(maxEpochs), 0);
    return new Brackets(rungs(maxEpochs), reductionFactor, bracket -> shape, limits);
  }
}
