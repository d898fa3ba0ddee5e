package dev.convoy.worker.natives;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;

/**
 * Room at the end of the memory that {@code malloc} hands out to this thread, for libraries that
 * read beyond the arrays which they allocate: with room behind it, such a read finds memory that is
 * there, whatever its values.
 *
 * <p>The C library of Linux takes blocks from the end of a thread's arena once no hole fits them,
 * and keeps 128 KiB there when memory is given back. So blocks are taken until one lies at the end,
 * and given back together. Elsewhere nothing is done.
 */
public final class HeapRoom {
  /** Bytes that can be read behind everything that this thread allocates next. */
  public static final int BYTES = 64 << 10;

  /** Less than what the C library maps on its own, and less than what it keeps at the end. */
  private static final int BLOCK_BYTES = 100_000;

  private static final int MOST_BLOCKS = 100;

  /** What is left behind the last block of an arena that grew for it: less than a page, about. */
  private static final int REST = 4096 + 64;

  /** The process's first arena grows by so much more than is asked for. */
  private static final int REST_OF_FIRST = REST + (128 << 10);

  private static final Path MAPPINGS = Path.of("/proc/self/maps");

  private HeapRoom() {}

  /** Makes the room; to be called directly before the library is. Takes about a millisecond. */
  public static void make() {
    if (!Files.isReadable(MAPPINGS)) {
      return;
    }
    Deque<BytePointer> blocks = new ArrayDeque<>();
    try {
      Mapping before;
      Mapping mapping = null;
      do {
        before = mapping;
        blocks.push(new BytePointer(BLOCK_BYTES));
        mapping = Mapping.of(blocks.element());
      } while (!mapping.endsWith(blocks.element())
          && (before == null || before.equals(mapping))
          && blocks.size() < MOST_BLOCKS);
    } finally {
      blocks.forEach(BytePointer::close);
    }
  }

  /**
   * A part of the process's address space.
   *
   * @param start its first address
   * @param end the first behind it
   * @param isFirstArena whether it holds the arena that the process begins with
   */
  record Mapping(long start, long end, boolean isFirstArena) {
    /** The one in which the pointer's memory lies. */
    static Mapping of(BytePointer pointer) {
      try (Stream<String> lines = Files.lines(MAPPINGS)) {
        return lines
            .map(Mapping::parse)
            .filter(mapping -> mapping.holds(pointer.address()))
            .findFirst()
            .orElseThrow();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Mapping parse(String line) {
      int dash = line.indexOf('-');
      return new Mapping(
          Long.parseUnsignedLong(line, 0, dash, 16),
          Long.parseUnsignedLong(line, dash + 1, line.indexOf(' '), 16),
          line.endsWith("[heap]"));
    }

    private boolean holds(long address) {
      return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
    }

    /** How many bytes there are from where the pointer's memory begins. */
    long bytesFrom(BytePointer pointer) {
      return end - pointer.address();
    }

    private boolean endsWith(BytePointer block) {
      return bytesFrom(block) - block.capacity() < (isFirstArena ? REST_OF_FIRST : REST);
    }
  }
}
