package dev.convoy.worker.cuda.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** A queue of work, which runs when somebody waits for it and no earlier. */
final class SimulatedStream {
  private final SimulatedContext context;
  private final Deque<QueuedWork> queue = new ArrayDeque<>();
  private Capture capture;
  private long done;

  SimulatedStream(SimulatedContext context) {
    this.context = context;
  }

  SimulatedContext context() {
    return context;
  }

  /** Null where it does not keep its work. */
  Capture capture() {
    return capture;
  }

  void capture(Capture begun) {
    capture = begun;
  }

  /** Takes work in and returns the driver's status. */
  int submit(QueuedWork work) {
    if (capture == null) {
      queue.add(work);
      return DriverStatus.SUCCESS;
    }
    if (capture.isInvalid()) {
      return DriverStatus.CAPTURE_INVALIDATED;
    }
    capture.kept().add(work);
    return DriverStatus.SUCCESS;
  }

  /** How much work was ever queued. */
  long submitted() {
    return done + queue.size();
  }

  /** Runs all that is queued. What fails is not run again. */
  void drain() {
    drainTo(submitted());
  }

  /** Runs what is queued until so much was ever run. */
  void drainTo(long position) {
    while (done < position) {
      done++;
      queue.remove().run();
    }
  }
}
