package dev.convoy.worker.cuda.simulation;

import java.util.List;

/** Work that a stream kept. */
record SimulatedGraph(SimulatedContext context, List<QueuedWork> work) {
  /** The same, ready to run. */
  record Executable(SimulatedContext context, List<QueuedWork> work) {}
}
