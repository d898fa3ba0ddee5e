package dev.convoy.worker.cuda.simulation;

/** A mark in a queue. */
final class SimulatedEvent {
  private SimulatedStream stream;
  private Capture capture;
  private long position;

  /** Puts it at the end of a queue. */
  void record(SimulatedStream other) {
    stream = other;
    capture = other.capture();
    position = other.submitted();
  }

  /** Waits for all in front of it and returns the driver's status. */
  int synchronize() {
    if (capture != null) {
      capture.invalidate();
      return DriverStatus.CAPTURED_EVENT;
    }
    if (stream != null) {
      stream.drainTo(position);
    }
    return DriverStatus.SUCCESS;
  }
}
