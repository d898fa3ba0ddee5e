package dev.convoy.clusters;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.hdfs.server.namenode.FSNamesystem;

/** Holds a namenode's lock for most of the time, so that every request waits for it. */
final class SlowNamenode implements AutoCloseable {
  private static final long HELD_MILLIS = 150;
  private static final long FREE_MILLIS = 10;

  private final FSNamesystem names;
  private final AtomicInteger waited = new AtomicInteger();
  private final Thread thread;

  SlowNamenode(FSNamesystem names) {
    this.names = names;
    thread = new Thread(this::run, "slow-namenode");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        names.writeLock();
        try {
          TimeUnit.MILLISECONDS.sleep(HELD_MILLIS);
          waited.addAndGet(names.getFsLockQueueLength());
        } finally {
          names.writeUnlock("slow-namenode");
        }
        TimeUnit.MILLISECONDS.sleep(FREE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many requests were kept waiting so far. */
  int waited() {
    return waited.get();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
