package dev.convoy.clusters;

import java.util.concurrent.atomic.AtomicInteger;

/** Stops a process for three quarters of the time, until it is closed or the process ends. */
final class Slowdown implements AutoCloseable {
  private static final long MILLIS = 50;
  private static final int STOPPED = 3;

  private final ProcessHandle process;
  private final AtomicInteger stops = new AtomicInteger();
  private final Thread thread;

  Slowdown(ProcessHandle process) {
    this.process = process;
    this.thread = new Thread(this::run, "slowdown");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (process.isAlive()) {
        Signal.STOP.send(process);
        stops.incrementAndGet();
        Thread.sleep(STOPPED * MILLIS);
        Signal.CONT.send(process);
        Thread.sleep(MILLIS);
      }
    } catch (InterruptedException e) {
      Signal.CONT.send(process);
    }
  }

  /** How often it was stopped so far. */
  int stops() {
    return stops.get();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
