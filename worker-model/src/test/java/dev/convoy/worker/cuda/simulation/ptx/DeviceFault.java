package dev.convoy.worker.cuda.simulation.ptx;

/** Work on a device did what a device would end it for, or what has no defined result. */
public final class DeviceFault extends AssertionError {
  private static final long serialVersionUID = 1;

  /** Says what happened. */
  public DeviceFault(String message) {
    super(message);
  }
}
