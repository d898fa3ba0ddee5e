package dev.convoy.data.image;

/**
 * Memory in which a thread puts the part of a picture that it works on, one after the other: the
 * pages and the processor's caches know it already, while new memory is cleared and fetched first.
 */
final class PartMemory {
  /** Of the largest photographs no part stays. */
  private static final int MAX_KEPT_BYTES = 4 << 20;

  private static final ThreadLocal<byte[]> KEPT = ThreadLocal.withInitial(() -> new byte[0]);

  private PartMemory() {}

  /** At least so many bytes of any values, the calling thread's until it asks again. */
  static byte[] atLeast(int bytes) {
    byte[] kept = KEPT.get();
    if (kept.length >= bytes) {
      return kept;
    }
    byte[] larger = new byte[bytes];
    if (bytes <= MAX_KEPT_BYTES) {
      KEPT.set(larger);
    }
    return larger;
  }
}
