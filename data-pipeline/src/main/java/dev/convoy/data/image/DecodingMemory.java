package dev.convoy.data.image;

import java.util.concurrent.Semaphore;

/**
 * The memory that decoding may take in a JVM, on the heap and beside it. A reservation beyond what
 * is left waits, in order of arrival, so that a large picture is not overtaken for ever. The size
 * changes when a picture is decoded, never the result. Thread-safe.
 */
public final class DecodingMemory {
  /** Of the heap; shards, Spark and what the JVM itself does take the rest. */
  private static final double SHARE = 0.25;

  /** A permit of the semaphore, so that an int counts terabytes. */
  private static final int UNIT_BYTES = 1024;

  private static final DecodingMemory OF_THIS_JVM =
      new DecodingMemory((long) (SHARE * Runtime.getRuntime().maxMemory()));

  private final int units;
  private final Semaphore left;

  /** Memory of {@code bytes}. */
  public DecodingMemory(long bytes) {
    units = (int) Math.min(Integer.MAX_VALUE, bytes / UNIT_BYTES);
    left = new Semaphore(units, true);
  }

  /** The memory of this JVM, a quarter of its heap. */
  public static DecodingMemory ofThisJvm() {
    return OF_THIS_JVM;
  }

  /** All of it, in bytes. */
  public long bytes() {
    return (long) units * UNIT_BYTES;
  }

  /** Takes {@code bytes}, or all when there are fewer; waits until they are free. */
  public Reservation reserve(long bytes) throws InterruptedException {
    Reservation reservation = new Reservation();
    int wanted = unitsFor(bytes);
    left.acquire(wanted);
    reservation.held = wanted;
    return reservation;
  }

  private int unitsFor(long bytes) {
    return (int) Math.min(units, bytes / UNIT_BYTES + 1);
  }

  /** A part that is held until it is closed. To be used by one thread. */
  public final class Reservation implements AutoCloseable {
    private int held;

    private Reservation() {}

    /** Makes the part at least {@code bytes} large if so much is free now; does not wait. */
    public boolean tryExtend(long bytes) {
      int more = unitsFor(bytes) - held;
      if (more > 0 && !left.tryAcquire(more)) {
        return false;
      }
      held += Math.max(0, more);
      return true;
    }

    @Override
    public void close() {
      left.release(held);
      held = 0;
    }
  }
}
