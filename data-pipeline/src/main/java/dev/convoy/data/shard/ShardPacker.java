package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads one part of a listing into a {@link Shard}. Executors only. */
public final class ShardPacker {
  /** Chunks of about 4 MiB: large enough to write well, small enough to fill a budget closely. */
  private static final int CHUNK_BYTES = 4 << 20;

  private ShardPacker() {}

  /**
   * Decodes every example of {@code part} once, in its order, and keeps the pixels. Examples that
   * the source rejects are left out and named in the statistics.
   *
   * @param classCount labels are below this
   * @param budget gives room on the heap; what it refuses goes to one file
   * @param scratchDirectory a local directory for that file, created if missing
   * @throws dev.convoy.data.DataException when the source's data is broken
   * @throws IOException when the source or the spill file fails; nothing stays reserved then
   */
  public static Shard pack(
      Listing part,
      int classCount,
      ImageShape shape,
      ImageSource source,
      MemoryBudget budget,
      Path scratchDirectory)
      throws IOException {
    Packing packing = new Packing(part, classCount, shape, budget, scratchDirectory);
    boolean finished = false;
    try {
      source.read(part, packing);
      Shard shard = packing.finish();
      finished = true;
      return shard;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      if (!finished) {
        packing.abandon();
      }
    }
  }

  /** The shard under construction. */
  private static final class Packing implements ExampleSink {
    private final Listing part;
    private final int classCount;
    private final ImageShape shape;
    private final MemoryBudget budget;
    private final Path scratchDirectory;
    private final ShardStatistics.Collector statistics;
    private final int examplesPerChunk;
    private final int[] labels;
    private final int[] ids;
    private final byte[][] heapChunks;
    private final long[] spillOffsets;
    private SpillFile spill;
    private int nextPosition;
    private int kept;
    private byte[] chunk;
    private int reservedBytes;
    private byte[] spillBuffer;

    Packing(
        Listing part,
        int classCount,
        ImageShape shape,
        MemoryBudget budget,
        Path scratchDirectory) {
      this.part = part;
      this.classCount = classCount;
      this.shape = shape;
      this.budget = budget;
      this.scratchDirectory = scratchDirectory;
      statistics = new ShardStatistics.Collector(classCount, shape.channels());
      examplesPerChunk = Math.max(1, CHUNK_BYTES / shape.size());
      labels = new int[part.size()];
      ids = new int[part.size()];
      int chunks = (part.size() + examplesPerChunk - 1) / examplesPerChunk;
      heapChunks = new byte[chunks][];
      spillOffsets = new long[chunks];
    }

    @Override
    public void accept(int position, byte[] pixels) {
      requireNext(position);
      int label = part.label(position);
      if (label >= classCount || pixels.length != shape.size()) {
        throw new IllegalStateException(
            "Cannot pack an example: expected a label below "
                + classCount
                + " and "
                + shape.size()
                + " values, found label "
                + label
                + " and "
                + pixels.length
                + " values, in "
                + part.location(position)
                + ".");
      }
      if (chunk == null) {
        startChunk();
      }
      int inChunk = kept % examplesPerChunk;
      System.arraycopy(pixels, 0, chunk, inChunk * shape.size(), shape.size());
      labels[kept] = label;
      ids[kept] = part.id(position);
      kept++;
      statistics.accept(part.id(position), label, pixels);
      if (inChunk + 1 == examplesPerChunk) {
        finishChunk(examplesPerChunk);
      }
    }

    @Override
    public void reject(int position, String reason) {
      requireNext(position);
      statistics.reject(part.id(position), part.location(position), reason);
    }

    Shard finish() {
      if (nextPosition != part.size()) {
        throw new IllegalStateException(
            "Cannot pack a shard: expected "
                + part.size()
                + " examples from its source, found "
                + nextPosition
                + ".");
      }
      if (chunk != null) {
        finishChunk(kept % examplesPerChunk);
      }
      int chunks = (kept + examplesPerChunk - 1) / examplesPerChunk;
      return new Shard(
          shape,
          Arrays.copyOf(labels, kept),
          Arrays.copyOf(ids, kept),
          examplesPerChunk,
          Arrays.copyOf(heapChunks, chunks),
          Arrays.copyOf(spillOffsets, chunks),
          spill,
          budget,
          statistics.finish());
    }

    void abandon() throws IOException {
      budget.release(reservedBytes);
      for (byte[] heapChunk : heapChunks) {
        if (heapChunk != null) {
          budget.release(heapChunk.length);
        }
      }
      if (spill != null) {
        spill.close();
      }
    }

    private void requireNext(int position) {
      if (position != nextPosition) {
        throw new IllegalStateException(
            "Cannot pack a shard: expected example "
                + nextPosition
                + " from its source, found "
                + position
                + ".");
      }
      nextPosition++;
    }

    private void startChunk() {
      int examples = Math.min(examplesPerChunk, part.size() - nextPosition + 1);
      int bytes = examples * shape.size();
      if (budget.tryReserve(bytes)) {
        reservedBytes = bytes;
        chunk = new byte[bytes];
      } else {
        if (spillBuffer == null) {
          spillBuffer = new byte[bytes];
        }
        chunk = spillBuffer;
      }
    }

    private void finishChunk(int examples) {
      int index = (kept - 1) / examplesPerChunk;
      int bytes = examples * shape.size();
      if (reservedBytes > 0) {
        heapChunks[index] = bytes == chunk.length ? chunk : Arrays.copyOf(chunk, bytes);
        budget.release(reservedBytes - bytes);
        reservedBytes = 0;
      } else {
        spillOffsets[index] = spill(bytes);
      }
      chunk = null;
    }

    private long spill(int bytes) {
      try {
        if (spill == null) {
          spill = SpillFile.create(scratchDirectory);
        }
        return spill.append(chunk, bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
