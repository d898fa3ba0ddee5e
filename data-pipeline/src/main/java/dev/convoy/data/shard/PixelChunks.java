package dev.convoy.data.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The pixels of one shard's pictures in chunks, on the heap as far as the memory budget reaches and
 * in one spill file beyond. Filled by one thread, then read by any number.
 */
final class PixelChunks implements AutoCloseable {
  /** Chunks of about 4 MiB: large enough to write well, small enough to fill a budget closely. */
  private static final int CHUNK_BYTES = 4 << 20;

  private final MemoryBudget budget;
  private final Path scratchDirectory;

  /** For every chunk its bytes, reserved in the budget; null where it is in the spill file. */
  private final List<byte[]> onHeap = new ArrayList<>();

  /** For every chunk where it starts in the spill file; 0 where it is on the heap. */
  private final List<Long> spillOffsets = new ArrayList<>();

  private SpillFile spill;
  private byte[] chunk;
  private int filled;
  private int reserved;
  private byte[] spillBuffer;
  private boolean closed;

  PixelChunks(MemoryBudget budget, Path scratchDirectory) {
    this.budget = budget;
    this.scratchDirectory = scratchDirectory;
  }

  /**
   * Adds a picture.
   *
   * @param left how many pictures are still to come at most, this one included
   * @return where it is, for {@link #read}
   */
  long add(byte[] pixels, int left) {
    if (chunk != null && filled + pixels.length > chunk.length) {
      finishChunk();
    }
    if (chunk == null) {
      startChunk(pixels.length, left);
    }
    long place = (long) onHeap.size() << Integer.SIZE | filled;
    System.arraycopy(pixels, 0, chunk, filled, pixels.length);
    filled += pixels.length;
    if (filled == chunk.length) {
      finishChunk();
    }
    return place;
  }

  /** To be called after the last picture. */
  void finish() {
    if (chunk != null) {
      finishChunk();
    }
    spillBuffer = null;
  }

  /** The chunk that holds a picture, not to be changed; empty where it is in the spill file. */
  Optional<byte[]> onHeap(long place) {
    return Optional.ofNullable(onHeap.get((int) (place >>> Integer.SIZE)));
  }

  /** Where in its chunk a picture begins. */
  static int start(long place) {
    return (int) place;
  }

  /** Copies the pixels of a picture. */
  void read(long place, byte[] target, int offset, int length) {
    int index = (int) (place >>> Integer.SIZE);
    int start = start(place);
    byte[] heapChunk = onHeap.get(index);
    if (heapChunk != null) {
      System.arraycopy(heapChunk, start, target, offset, length);
      return;
    }
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("Cannot read a shard: expected an open one, found closed.");
      }
    }
    try {
      spill.read(spillOffsets.get(index) + start, target, offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a shard's spill file", e);
    }
  }

  /** Bytes on the heap, taken from the memory budget. */
  long bytesInMemory() {
    return onHeap.stream().filter(Objects::nonNull).mapToLong(bytes -> bytes.length).sum();
  }

  /** Gives the memory back and deletes the spill file; later calls do nothing. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    budget.release(reserved + bytesInMemory());
    Collections.fill(onHeap, null);
    if (spill != null) {
      try {
        spill.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot delete a shard's spill file", e);
      }
    }
  }

  /** Makes room for as many pictures as large as the next one as come, or fill a chunk. */
  private void startChunk(int pictureBytes, int left) {
    int bytes = pictureBytes * Math.max(1, Math.min(left, CHUNK_BYTES / pictureBytes));
    filled = 0;
    if (budget.tryReserve(bytes)) {
      reserved = bytes;
      chunk = new byte[bytes];
    } else {
      if (spillBuffer == null || spillBuffer.length < bytes) {
        spillBuffer = new byte[bytes];
      }
      chunk = spillBuffer;
    }
  }

  private void finishChunk() {
    if (reserved > 0) {
      onHeap.add(filled == chunk.length ? chunk : Arrays.copyOf(chunk, filled));
      spillOffsets.add(0L);
      budget.release(reserved - filled);
      reserved = 0;
    } else {
      try {
        if (spill == null) {
          spill = SpillFile.create(scratchDirectory);
        }
        onHeap.add(null);
        spillOffsets.add(spill.append(chunk, filled));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    chunk = null;
  }
}
