package dev.convoy.driver.search;

import dev.convoy.driver.configuration.SearchSettings;
import dev.convoy.driver.space.Box;
import dev.convoy.driver.space.Sample;
import dev.convoy.driver.space.Sampler;
import dev.convoy.driver.space.SearchSpace;
import dev.convoy.driver.trial.TrialHistory;
import java.util.ArrayList;
import java.util.List;

/**
 * Coarse to fine: trials in stages, each drawn from a box around the best trials before it. A
 * sample depends on the seed, the trial's number and the results of earlier stages.
 */
final class SamplingStages {
  private final SearchSettings.Sampling settings;
  private final Sampler sampler;
  private final List<Box> boxes = new ArrayList<>();

  SamplingStages(SearchSettings.Sampling settings, SearchSpace space, Sampler sampler) {
    this.settings = settings;
    this.sampler = sampler;
    boxes.add(Box.whole(space));
  }

  /** Whether all trials before this one must have ended. */
  boolean isFirstOfStage(int trial) {
    return trial > 0 && trial % settings.stageTrials() == 0;
  }

  /** Draws a trial; all of the stages before its own must have ended. */
  Sample sample(int trial, TrialHistory trials) {
    int stage = trial / settings.stageTrials();
    while (boxes.size() <= stage) {
      boxes.add(next(boxes.size(), trials));
    }
    return sampler.sample(trial, boxes.get(stage));
  }

  private Box next(int stage, TrialHistory trials) {
    List<Sample> best =
        trials.ranked().stream()
            .filter(event -> event.trial() < stage * settings.stageTrials())
            .filter(event -> Double.isFinite(trials.loss(event)))
            .limit(settings.best())
            .map(event -> sample(event.trial(), trials))
            .toList();
    Box before = boxes.get(stage - 1);
    return best.isEmpty() ? before : before.around(best, settings.shrink());
  }
}
