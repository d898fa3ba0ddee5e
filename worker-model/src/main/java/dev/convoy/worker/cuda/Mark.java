package dev.convoy.worker.cuda;

import dev.convoy.worker.cuda.api.Driver;

/** A place in the queue of a device that one can wait for. */
final class Mark implements AutoCloseable {
  /** An event that takes no time, which is quicker, and for which a thread waits asleep. */
  private static final int BLOCKING_WITHOUT_TIME = 1 | 2;

  private final Device device;
  private final Driver driver;
  private final long stream;
  private final long event;

  Mark(Device device, Driver driver, long stream) {
    this.device = device;
    this.driver = driver;
    this.stream = stream;
    long[] result = new long[1];
    device.check("cuEventCreate", driver.cuEventCreate(result, BLOCKING_WITHOUT_TIME));
    event = result[0];
  }

  /** Puts it behind all work that is queued now. */
  void set() {
    device.check("cuEventRecord", driver.cuEventRecord(event, stream));
  }

  /** Waits until what was in front of it is done; returns at once if it was never set. */
  void await() {
    device.check("cuEventSynchronize", driver.cuEventSynchronize(event));
  }

  @Override
  public void close() {
    device.forget(this);
    driver.cuEventDestroy_v2(event);
  }
}
