package dev.convoy.driver.search;

import dev.convoy.driver.configuration.SearchSettings;
import dev.convoy.driver.space.Box;
import dev.convoy.driver.space.Sample;
import dev.convoy.driver.space.Sampler;
import dev.convoy.driver.trial.TrialHistory;
import java.util.ArrayList;
import java.util.List;

/**
 * The stages in which trials are drawn: one, or from coarse to fine several, each from a box around
 * the best trials before it. A sample depends on the seed, the trial's number and the results of
 * earlier stages.
 */
final class SamplingStages {
  private final SearchSettings.Sampling settings;
  private final Sampler sampler;
  private final int stageTrials;
  private final List<Box> boxes = new ArrayList<>();

  SamplingStages(SearchSettings.Sampling settings, Sampler sampler) {
    this.settings = settings;
    this.sampler = sampler;
    this.stageTrials =
        settings.method().equals("coarse-to-fine") ? settings.stageTrials() : Integer.MAX_VALUE;
    boxes.add(Box.whole(sampler.space()));
  }

  /** Whether all trials before this one must have ended. */
  boolean isFirstOfStage(int trial) {
    return trial > 0 && trial % stageTrials == 0;
  }

  /** Draws a trial; all of the stages before its own must have ended. */
  Sample sample(int trial, TrialHistory trials) {
    int stage = trial / stageTrials;
    while (boxes.size() <= stage) {
      boxes.add(next(boxes.size(), trials));
    }
    return sampler.sample(trial, boxes.get(stage));
  }

  private Box next(int stage, TrialHistory trials) {
    List<Sample> best =
        trials.ranked().stream()
            .filter(event -> event.trial() < stage * stageTrials)
            .filter(event -> Double.isFinite(trials.loss(event)))
            .limit(settings.best())
            .map(event -> sample(event.trial(), trials))
            .toList();
    Box before = boxes.get(stage - 1);
    return best.isEmpty() ? before : before.around(best, settings.shrink());
  }
}
