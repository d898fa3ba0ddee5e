package dev.convoy.driver.search;

import dev.convoy.driver.termination.CurvePoint;
import dev.convoy.driver.training.Supervisor.Verdict;
import dev.convoy.driver.trial.Objective;
import dev.convoy.driver.trial.Trial;
import dev.convoy.driver.trial.TrialResult;
import dev.convoy.driver.trial.TrialResult.Score;
import dev.convoy.driver.trial.TrialState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * A trial's accuracy after e epochs is q · (1 − 2⁻ᵉ), where q falls with the distance of {@code
 * optimizer.learning-rate} from 0.1 in decades. Trained in no time.
 */
final class StubObjective implements Objective {
  static final int EPOCHS = 9;

  private final Map<Integer, List<Integer>> trained = new ConcurrentHashMap<>();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private BiConsumer<Trial, Integer> accident = (trial, time) -> {};
  private int workers = 1;

  /** Something that happens when a trial is trained for the n-th time, counted from 1. */
  StubObjective when(BiConsumer<Trial, Integer> happening) {
    accident = happening;
    return this;
  }

  StubObjective withWorkers(int needed) {
    workers = needed;
    return this;
  }

  @Override
  public int workers(Trial trial) {
    return workers;
  }

  @Override
  public TrialResult train(Trial trial, int epochs, int slot, Oversight oversight) {
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try {
      List<Integer> times = trained.computeIfAbsent(trial.number(), number -> new ArrayList<>());
      times.add(epochs);
      accident.accept(trial, times.size());
      return train(trial, Math.min(epochs, EPOCHS), epochs < EPOCHS, oversight);
    } finally {
      atOnce.decrementAndGet();
    }
  }

  private static TrialResult train(Trial trial, int epochs, boolean pauses, Oversight oversight) {
    List<CurvePoint> curve = new ArrayList<>();
    TrialState state = pauses ? TrialState.PAUSED : TrialState.COMPLETED;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      if (oversight.judge(epoch - 1, curve) == Verdict.SUSPEND) {
        state = TrialState.INTERRUPTED;
        break;
      }
      curve.add(new CurvePoint(epoch, quality(trial) * (1 - Math.pow(2, -epoch))));
      if (oversight.judge(epoch, curve) == Verdict.STOP) {
        state = TrialState.STOPPED;
        break;
      }
    }
    return new TrialResult(
        state,
        curve.size(),
        curve.size(),
        curve.isEmpty()
            ? Score.none()
            : new Score(
                OptionalDouble.of(curve.get(curve.size() - 1).metric()),
                OptionalDouble.empty(),
                curve.size()),
        curve,
        "");
  }

  static double quality(Trial trial) {
    double rate = (Double) trial.sample().values().get("optimizer.learning-rate");
    return 1 / (1 + Math.abs(Math.log10(rate) + 1));
  }

  /** For every trial the epochs it was to be trained until, each time. */
  Map<Integer, List<Integer>> trained() {
    return trained;
  }

  int mostAtOnce() {
    return mostAtOnce.get();
  }
}
