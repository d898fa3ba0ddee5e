package dev.convoy.worker.cuda.simulation;

/** What is queued in a stream. */
interface QueuedWork {
  /** Does it, once all before it in the stream is done. */
  void run();
}
