package dev.convoy.driver.search;

import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.trial.TrialEvent;
import dev.convoy.driver.trial.TrialHistory;
import dev.convoy.driver.trial.TrialState;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Removes the models of all trials but the best, and what those would go on from that never do, so
 * that a search takes no more room the more trials it has. Used by one thread.
 */
final class KeptModels {
  private final SearchDirectory directory;
  private final int keep;
  private final int folds;
  private final TreeSet<Model> models =
      new TreeSet<>(Comparator.comparingDouble(Model::loss).thenComparingInt(Model::trial));
  private final Set<Integer> dropped = new HashSet<>();

  private record Model(int trial, double loss) {}

  KeptModels(SearchDirectory directory, int keep, int folds) {
    this.directory = directory;
    this.keep = keep;
    this.folds = folds;
  }

  /** Takes in those of an earlier attempt. */
  void recall(TrialHistory trials) {
    trials.all().forEach(event -> add(event, trials.loss(event)));
  }

  /** Takes in one more, and removes what is too many. */
  void ended(TrialEvent event, double loss) {
    add(event, loss);
    while (models.size() > keep) {
      Model worst = models.pollLast();
      if (dropped.add(worst.trial())) {
        directory.deleteModel(worst.trial(), folds);
      }
    }
  }

  /** Removes the checkpoints of a trial that never goes on, unless the best model is in them. */
  void leftBehind(int trial, TrialHistory trials) {
    if (trials.best().filter(best -> best.trial() == trial).isEmpty()) {
      directory.deleteCheckpoints(trial, folds);
    }
  }

  private void add(TrialEvent event, double loss) {
    TrialState state = event.result().state();
    if (state.isFinal() && state != TrialState.FAILED) {
      models.add(new Model(event.trial(), loss));
    }
  }
}
