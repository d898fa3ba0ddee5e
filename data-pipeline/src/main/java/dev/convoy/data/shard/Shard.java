package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Objects;

/**
 * The decoded examples of one shard on one executor: 8-bit pixels in chunks, on the heap as far as
 * the memory budget reaches and in one spill file beyond. Positions run from 0 to {@link #size()}
 * in the order of the listing, rejected examples left out.
 *
 * <p>Any number of threads may read. Closing gives the memory back and deletes the file.
 */
public final class Shard implements Examples, AutoCloseable {
  private final ImageShape shape;
  private final int[] labels;
  private final int[] ids;
  private final int examplesPerChunk;
  private final byte[][] heapChunks;
  private final long[] spillOffsets;
  private final SpillFile spill;
  private final MemoryBudget budget;
  private final ShardStatistics statistics;
  private final long bytesInMemory;
  private boolean closed;

  /**
   * Takes over everything that it is given.
   *
   * @param heapChunks for every chunk its bytes, already reserved in {@code budget}, or null
   * @param spillOffsets for every chunk that is null above, where it starts in {@code spill}
   * @param spill null when every chunk is on the heap
   */
  Shard(
      ImageShape shape,
      int[] labels,
      int[] ids,
      int examplesPerChunk,
      byte[][] heapChunks,
      long[] spillOffsets,
      SpillFile spill,
      MemoryBudget budget,
      ShardStatistics statistics) {
    this.shape = shape;
    this.labels = labels;
    this.ids = ids;
    this.examplesPerChunk = examplesPerChunk;
    this.heapChunks = heapChunks;
    this.spillOffsets = spillOffsets;
    this.spill = spill;
    this.budget = budget;
    this.statistics = statistics;
    this.bytesInMemory =
        Arrays.stream(heapChunks).filter(Objects::nonNull).mapToLong(chunk -> chunk.length).sum();
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int label(int i) {
    return labels[i];
  }

  @Override
  public int id(int i) {
    return ids[i];
  }

  @Override
  public int copy(int i) {
    return 0;
  }

  @Override
  public void pixels(int i, byte[] target, int offset) {
    Objects.checkIndex(i, labels.length);
    int size = shape.size();
    int chunk = i / examplesPerChunk;
    int start = (i % examplesPerChunk) * size;
    byte[] heapChunk = heapChunks[chunk];
    if (heapChunk != null) {
      System.arraycopy(heapChunk, start, target, offset, size);
    } else {
      readSpilled(spillOffsets[chunk] + start, target, offset, size);
    }
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  /** Counts and sums over the shard. */
  public ShardStatistics statistics() {
    return statistics;
  }

  /** Bytes of pixels on the heap, taken from the memory budget. */
  public long bytesInMemory() {
    return bytesInMemory;
  }

  /** Bytes of pixels in the spill file. */
  public long bytesOnDisk() {
    return (long) size() * shape.size() - bytesInMemory;
  }

  /** Gives the memory back to the budget and deletes the spill file; later calls do nothing. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    Arrays.fill(heapChunks, null);
    budget.release(bytesInMemory);
    if (spill != null) {
      try {
        spill.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot delete a shard's spill file", e);
      }
    }
  }

  private void readSpilled(long position, byte[] target, int offset, int length) {
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("Cannot read a shard: expected an open one, found closed.");
      }
    }
    try {
      spill.read(position, target, offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a shard's spill file", e);
    }
  }
}
