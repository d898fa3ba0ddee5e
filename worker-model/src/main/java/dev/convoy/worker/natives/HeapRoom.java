package dev.convoy.worker.natives;

import org.bytedeco.javacpp.BytePointer;

/**
 * Room at the end of the memory that {@code malloc} hands out to this thread, for libraries that
 * read beyond the arrays which they allocate: with room behind it, such a read finds memory that is
 * there, whatever its values.
 *
 * <p>The C library of Linux takes a block from the end of a thread's arena once no hole fits it,
 * and keeps 128 KiB there when memory is given back. So blocks are taken, more than an arena has
 * large holes as a rule, and given back together. None of them is written to.
 */
public final class HeapRoom {
  /** Bytes that can be read behind what this thread allocates next. */
  public static final int BYTES = 64 << 10;

  /** Less than what the C library maps on its own, and less than what it keeps at the end. */
  private static final int BLOCK_BYTES = 100_000;

  private static final int BLOCKS = 64;

  private HeapRoom() {}

  /** Makes the room; to be called directly before the library is. */
  public static void make() {
    BytePointer[] blocks = new BytePointer[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      blocks[i] = new BytePointer(BLOCK_BYTES);
    }
    for (BytePointer block : blocks) {
      block.close();
    }
  }
}
