package dev.convoy.driver.search;

import dev.convoy.driver.configuration.SearchSettings;
import dev.convoy.driver.configuration.SearchSettings.Rule;
import dev.convoy.driver.configuration.SearchSettings.Termination;
import dev.convoy.driver.trial.AsynchronousHalving;
import dev.convoy.driver.trial.Brackets;
import dev.convoy.driver.trial.Brackets.Limits;
import dev.convoy.driver.trial.Rungs;
import dev.convoy.driver.trial.Scheduler;

/** The scheduler that a search block asks for. */
final class Schedulers {
  private Schedulers() {}

  static Scheduler of(SearchDefinition definition) {
    SearchSettings settings = definition.settings();
    Termination termination = settings.termination();
    int factor = termination.reductionFactor();
    Rungs rungs = rungs(settings, definition.maxEpochs());
    Limits limits = new Limits(definition.trials(), definition::isFirstOfStage);
    return switch (termination.rule()) {
      case NONE, MEDIAN -> Brackets.plain(definition.maxEpochs(), limits);
      case ASYNCHRONOUS_HALVING -> new AsynchronousHalving(rungs, factor, definition.trials());
      case HALVING ->
          Brackets.halving(rungs, factor, firstBracket(settings, definition.maxEpochs()), limits);
      case HYPERBAND -> Brackets.hyperband(rungs, factor, limits);
    };
  }

  static Rungs rungs(SearchSettings settings, int maxEpochs) {
    Termination termination = settings.termination();
    return Rungs.geometric(termination.minEpochs(), maxEpochs, termination.reductionFactor());
  }

  /** How many trials the first bracket has. */
  static int firstBracket(SearchSettings settings, int maxEpochs) {
    Termination termination = settings.termination();
    boolean brackets = termination.rule() == Rule.HALVING || termination.rule() == Rule.HYPERBAND;
    int enoughForTheEnd =
        (int)
            Math.min(
                Integer.MAX_VALUE,
                Math.pow(termination.reductionFactor(), rungs(settings, maxEpochs).count() - 1.0));
    return !brackets
        ? 1
        : termination.rule() == Rule.HALVING
            ? termination.bracketTrials().orElse(enoughForTheEnd)
            : enoughForTheEnd;
  }
}
