package dev.convoy.driver.trial;

import dev.convoy.data.DaemonThreads;
import dev.convoy.data.DataException;
import dev.convoy.driver.configuration.Secrets;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.termination.Assignment;
import dev.convoy.driver.termination.CurvePoint;
import dev.convoy.driver.termination.RungResult;
import dev.convoy.driver.termination.Scheduler;
import dev.convoy.driver.training.Supervisor.Verdict;
import dev.convoy.driver.trial.TrialPlan.Limits;
import dev.convoy.driver.trial.TrialsOutcome.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The one loop over trials: while there is room and budget, the scheduler's next trial begins; when
 * one ends, that is recorded and the scheduler is told. Driver only.
 *
 * <p>After the driver was killed, the loop reads its record and goes on with the trials that had
 * begun, from their checkpoints. One thread decides and records; trials are trained on others.
 */
public final class TrialLoop {
  private static final long TICK_MILLIS = 500;

  private final TrialPlan plan;
  private final Limits limits;
  private final Objective objective;
  private final Scheduler scheduler;
  private final Slots slots;
  private final TrialRecord record;
  private final TrialProgress progress;
  private final Map<Integer, Running> running = new LinkedHashMap<>();
  private final BlockingQueue<Running> ended = new LinkedBlockingQueue<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(DaemonThreads.named("convoy-trial"));
  private volatile Optional<Status> over = Optional.empty();
  private Optional<RuntimeException> aborted = Optional.empty();

  /** Receives events, on the thread that decides. */
  public interface Watcher {
    /** Earlier results have been read. */
    default void recalled(TrialHistory trials) {}

    /** One or more trials have begun or ended, or some time has passed. */
    default void refresh(TrialHistory trials) {}

    /** A piece of work has ended, and is recorded. */
    default void ended(TrialEvent event) {}

    /** A trial that has ended at a rung never goes on from there. */
    default void leftBehind(int trial) {}
  }

  /** A loop over the trials of a plan. */
  public TrialLoop(
      TrialPlan plan,
      Scheduler scheduler,
      Objective objective,
      Slots slots,
      TrialRecord record,
      Progress progress) {
    this.plan = plan;
    this.limits = plan.limits();
    this.scheduler = scheduler;
    this.objective = objective;
    this.slots = slots;
    this.record = record;
    this.progress = new TrialProgress(plan, record, progress);
  }

  /**
   * Trains all trials, or goes on with them.
   *
   * @throws RuntimeException whatever made it impossible to go on with any trial
   */
  public TrialsOutcome run(Watcher watcher) {
    recall();
    watcher.recalled(record.trials());
    record
        .trials()
        .best()
        .map(event -> plan.trial(event.trial(), record.trials()))
        .ifPresent(objective::requireSameImages);
    try {
      do {
        while (begin()) {
          // one more, as long as there is room
        }
        watcher.refresh(record.trials());
      } while (settle(watcher));
    } finally {
      threads.shutdownNow();
    }
    if (aborted.isPresent()) {
      throw aborted.get();
    }
    return new TrialsOutcome(over.orElse(Status.COMPLETED), record.trials().best());
  }

  /** Replays the record to the scheduler; assignments that had not ended begin again. */
  private void recall() {
    Map<Integer, Assignment> unfinished = new LinkedHashMap<>();
    for (TrialEvent event : record.recall()) {
      Assignment assignment = new Assignment(event.trial(), event.rung(), 0, 0);
      TrialState state = event.result().state();
      if (!unfinished.containsKey(event.trial())) {
        begunBefore(assignment);
        unfinished.put(event.trial(), assignment);
      }
      if (!event.isBeginning() && state != TrialState.CRASHED && state != TrialState.INTERRUPTED) {
        unfinished.remove(event.trial());
        scheduler.ended(assignment, standing(event));
      }
      scheduler.learn(event.trial(), event.result().curve());
    }
    unfinished.values().forEach(scheduler::returned);
    // What an earlier attempt did not do about them is done when the search has ended.
    scheduler.takeLeftBehind();
    progress.recalled(unfinished.size());
    checkTarget();
  }

  private void begunBefore(Assignment assignment) {
    try {
      scheduler.begun(assignment);
    } catch (IllegalStateException e) {
      throw new DataException(
          "Cannot go on with the "
              + plan.noun()
              + "s: the record of "
              + plan.noun()
              + " "
              + assignment.trial()
              + " does not follow from those before it in "
              + plan.noun()
              + "s.jsonl: lines are missing there. Remove the lines from there on; what they record is"
              + " read back from the run directories, or trained again.",
          e);
    }
  }

  private RungResult standing(TrialEvent event) {
    return new RungResult(
        event.trial(), record.trials().loss(event), event.result().state() == TrialState.PAUSED);
  }

  /** Begins the next piece of work, if there is one, and room and budget for it. */
  private boolean begin() {
    checkTime();
    if (over.isPresent() || aborted.isPresent() || !slots.hasPlace()) {
      return false;
    }
    Optional<Assignment> next = scheduler.next();
    if (next.isEmpty() || !isAffordable(next.get())) {
      return false;
    }
    Trial trial = plan.trial(next.get().trial(), record.trials());
    int workers = objective.workers(trial);
    if (!slots.hasRoomFor(workers)) {
      return false;
    }
    Running work = new Running(next.get(), trial, workers, slots.take(workers));
    scheduler.begun(work.assignment);
    record.begun(trial, work.assignment);
    running.put(trial.number(), work);
    threads.execute(work);
    return true;
  }

  /**
   * Whether the epoch budget allows it; trials that end early leave epochs to others. Work that was
   * interrupted counts in full among what has begun, with what was already trained of it.
   */
  private boolean isAffordable(Assignment assignment) {
    if (limits.maxEpochs().isEmpty()) {
      return true;
    }
    long bound =
        record.trials().epochsSpent()
            - record.trials().epochsOfInterrupted()
            + limits.runsPerTrial() * (scheduler.outstandingEpochs() + assignment.commitment());
    boolean affordable = bound <= limits.maxEpochs().getAsInt();
    if (!affordable && running.isEmpty()) {
      over = Optional.of(Status.EPOCH_LIMIT);
    }
    return affordable;
  }

  private void checkTime() {
    if (over.isEmpty() && record.elapsedSeconds() >= limits.maxSeconds()) {
      over = Optional.of(Status.TIME_LIMIT);
    }
  }

  private void checkTarget() {
    OptionalDouble target = limits.target();
    boolean reached =
        target.isPresent()
            && record
                .trials()
                .best()
                .filter(
                    best ->
                        record.trials().loss(best) <= plan.metric().asLoss(target.getAsDouble()))
                .isPresent();
    if (over.isEmpty() && reached) {
      over = Optional.of(Status.TARGET_REACHED);
    }
  }

  /** Waits for a piece of work to end, and records it; false if none is under way. */
  private boolean settle(Watcher watcher) {
    if (running.isEmpty()) {
      return false;
    }
    List<Running> now = new ArrayList<>();
    try {
      Running first = ended.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
      if (first != null) {
        now.add(first);
        ended.drainTo(now);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The loop over trials was interrupted", e);
    }
    now.forEach(work -> settle(work, watcher));
    checkTime();
    progress.show(running.values());
    return true;
  }

  private void settle(Running work, Watcher watcher) {
    running.remove(work.trial.number());
    slots.giveBack(work.slot, work.workers);
    if (work.failure instanceof AbortedException abort) {
      aborted = aborted.or(() -> Optional.of(abort.reason()));
      return;
    }
    TrialResult result = work.failure == null ? work.result : failed(work);
    TrialEvent event = record.ended(work.trial, work.assignment, result, work.seconds);
    switch (result.state()) {
      case CRASHED, INTERRUPTED -> scheduler.returned(work.assignment);
      default -> scheduler.ended(work.assignment, standing(event));
    }
    scheduler.learn(work.trial.number(), result.curve());
    progress.ended(event);
    watcher.ended(event);
    scheduler.takeLeftBehind().forEach(watcher::leftBehind);
    checkTarget();
  }

  private TrialResult failed(Running work) {
    int crashes = record.trials().crashes(work.trial.number());
    boolean isTriedAgain = crashes < limits.retries() && work.isWorthTryingAgain();
    return TrialResult.without(isTriedAgain ? TrialState.CRASHED : TrialState.FAILED, work.cause());
  }

  /** A piece of work under way. Runs on a thread of its own. */
  final class Running implements Runnable, Objective.Oversight {
    private final Assignment assignment;
    private final Trial trial;
    private final int workers;
    private final int slot;
    private final long start = System.nanoTime();
    private volatile int epochs;
    private volatile OptionalDouble best = OptionalDouble.empty();
    private TrialResult result;
    private Throwable failure;
    private double seconds;

    Running(Assignment assignment, Trial trial, int workers, int slot) {
      this.assignment = assignment;
      this.trial = trial;
      this.workers = workers;
      this.slot = slot;
    }

    @Override
    public void run() {
      try {
        result = objective.train(trial, assignment.epochs(), slot, this);
      } catch (Throwable e) {
        // A trial that runs out of memory is a result like another.
        failure = e;
      }
      seconds = (System.nanoTime() - start) / 1e9;
      ended.add(this);
    }

    /** A configuration that cannot be trained will not be better the next time. */
    boolean isWorthTryingAgain() {
      return !(failure instanceof dev.convoy.driver.configuration.ConfigurationException);
    }

    String cause() {
      return Secrets.withoutPasswords(
          String.valueOf(failure).lines().findFirst().orElse(failure.getClass().getName()));
    }

    @Override
    public Verdict judge(int trained, List<CurvePoint> curve) {
      epochs = trained;
      best = bestOf(curve);
      if (over.isPresent() || aborted.isPresent()) {
        return Verdict.SUSPEND;
      }
      return scheduler.ends(trial.number(), curve) ? Verdict.STOP : Verdict.GO_ON;
    }

    private OptionalDouble bestOf(List<CurvePoint> curve) {
      return curve.stream()
          .mapToDouble(CurvePoint::metric)
          .filter(Double::isFinite)
          .boxed()
          .min(Comparator.comparingDouble(plan.metric()::asLoss))
          .map(OptionalDouble::of)
          .orElse(OptionalDouble.empty());
    }

    int trial() {
      return trial.number();
    }

    int epochs() {
      return epochs;
    }

    OptionalDouble best() {
      return best;
    }
  }
}
