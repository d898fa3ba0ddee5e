package dev.convoy.worker.cuda.simulation;

import java.util.ArrayList;
import java.util.List;

/** Work that a stream keeps instead of running it. */
final class Capture {
  static final int GLOBAL = 0;
  static final int THREAD_LOCAL = 1;
  static final int RELAXED = 2;

  private final Thread thread = Thread.currentThread();
  private final int mode;
  private final List<QueuedWork> kept = new ArrayList<>();
  private boolean invalid;

  Capture(int mode) {
    this.mode = mode;
  }

  List<QueuedWork> kept() {
    return kept;
  }

  boolean isInvalid() {
    return invalid;
  }

  void invalidate() {
    invalid = true;
  }

  /** Whether the calling thread may not do what a graph could not repeat. */
  boolean forbids() {
    return mode == GLOBAL || (mode == THREAD_LOCAL && thread == Thread.currentThread());
  }

  /** Whether the calling thread may end it. */
  boolean mayEnd() {
    return mode == RELAXED || thread == Thread.currentThread();
  }
}
