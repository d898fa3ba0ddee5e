package dev.convoy.driver.termination;

import dev.convoy.data.component.Component;
import dev.convoy.data.component.OptionValues;
import dev.convoy.driver.state.EarlyStopping;

/** Successive halving in brackets that begin at different rungs, over and over. */
final class Hyperband extends RungRule {
  static final Component<TerminationRule> COMPONENT =
      Component.named("hyperband", "halving in brackets that begin at different rungs")
          .from(
              "Li et al., Hyperband: A Novel Bandit-Based Approach to Hyperparameter Optimization,"
                  + " 2018")
          .with(MIN_EPOCHS, REDUCTION_FACTOR)
          .createdBy(Hyperband::new);

  private Hyperband(OptionValues options) {
    super(options);
  }

  @Override
  public int firstBracket(int maxEpochs) {
    return trialsForTheEnd(maxEpochs);
  }

  @Override
  public int begun(int maxEpochs, int trials) {
    int largest = rungs(maxEpochs).count() - 1;
    return Brackets.wholeBrackets(bracket -> shape(largest, bracket), trials);
  }

  @Override
  public Scheduler scheduler(int maxEpochs, Scheduler.Limits limits, EarlyStopping.Metric metric) {
    Rungs rungs = rungs(maxEpochs);
    return new Brackets(
        rungs, reductionFactor, bracket -> shape(rungs.count() - 1, bracket), limits);
  }

  private Brackets.Shape shape(int largest, int bracket) {
    int halvings = largest - bracket % (largest + 1);
    int trials =
        (int) Math.ceil((largest + 1.0) / (halvings + 1) * Math.pow(reductionFactor, halvings));
    return new Brackets.Shape(trials, largest - halvings);
  }
}
