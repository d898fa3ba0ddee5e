package dev.convoy.data.image;

/**
 * Memory in which a thread keeps the part of a picture that it works on. The next part overwrites
 * it: new memory would have to be cleared, and fetched into the processor's caches, for each.
 */
final class PartMemory {
  private static final int MAX_KEPT_BYTES = 4 << 20;

  /** So that all threads together keep a quarter of the memory for decoding at most. */
  private static final int SHARES = 4 * Runtime.getRuntime().availableProcessors();

  private static final ThreadLocal<byte[]> KEPT = ThreadLocal.withInitial(() -> new byte[0]);

  private PartMemory() {}

  /** The largest array that stays with a thread; a part that needs more gets a new one. */
  static int maxKeptBytes() {
    return (int) Math.min(MAX_KEPT_BYTES, DecodingMemory.ofThisJvm().bytes() / SHARES);
  }

  /** At least so many bytes of any values, the calling thread's until it asks again. */
  static byte[] atLeast(int bytes) {
    byte[] kept = KEPT.get();
    if (kept.length >= bytes) {
      return kept;
    }
    byte[] larger = new byte[bytes];
    if (bytes <= maxKeptBytes()) {
      KEPT.set(larger);
    }
    return larger;
  }
}
