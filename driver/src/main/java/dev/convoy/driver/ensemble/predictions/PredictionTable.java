package dev.convoy.driver.ensemble.predictions;

import dev.convoy.data.Text;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.directory.OutputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Predictions in a scratch file, mapped into memory: they take none of the heap but for eight bytes
 * an example and a bit for each of its members. Examples are in the order of their ids, whatever
 * the number of workers. Filled by one thread at a time, then read. Driver only.
 */
public final class PredictionTable implements MemberPredictions, AutoCloseable {
  private static final int SEGMENT_BYTES = 1 << 30;

  private final int[] ids;
  private final int[] labels;
  private final int members;
  private final int classes;
  private final int rowsPerSegment;
  private final FloatBuffer[] segments;
  private final BitSet parts = new BitSet();
  private final BitSet withoutNumbers = new BitSet();
  private final Path file;

  /**
   * A table without predictions.
   *
   * @param examples that are to be predicted, in parts
   * @param members at least 1
   * @param classes at least 2
   * @param scratch a local directory for a file of {@code examples × members × classes} floats
   * @throws OutputException if there is no room for it
   */
  public PredictionTable(List<Listing> examples, int members, int classes, Path scratch) {
    int[][] sorted = sortedById(examples);
    this.ids = sorted[0];
    this.labels = sorted[1];
    this.members = members;
    this.classes = classes;
    int rowBytes = Math.multiplyExact(members * classes, Float.BYTES);
    this.rowsPerSegment = Math.max(1, SEGMENT_BYTES / rowBytes);
    this.segments = new FloatBuffer[-Math.floorDiv(-ids.length, rowsPerSegment)];
    try {
      this.file = Files.createTempFile(scratch, "predictions-", ".bin");
      map(rowBytes);
    } catch (IOException e) {
      throw new OutputException(
          Text.of(
              "Cannot keep predictions in %s: %s. Make room there or choose another directory with"
                  + " spark.conf.spark.local.dir, then give the same command again to go on.",
              scratch, Text.firstLine(e)),
          e);
    }
  }

  /**
   * Makes sure that there is room for tables that are there at the same time, long before they are
   * filled.
   *
   * @param examples of all of them
   * @param members answers to each example
   * @param scratch a local directory
   * @throws OutputException if there is not
   */
  public static void requireRoom(long examples, int members, int classes, Path scratch) {
    double needed = (double) examples * members * classes * Float.BYTES;
    try {
      long free = Files.getFileStore(scratch).getUsableSpace();
      if (needed > free) {
        throw new OutputException(
            Text.of(
                "Cannot keep predictions in %s: expected %.1f GB of free disk for %,d images, %,d"
                    + " answers to each and %,d classes, found %.1f GB. Make room there or choose"
                    + " another directory with spark.conf.spark.local.dir.",
                scratch, needed / 1e9, examples, members, classes, free / 1e9),
            null);
      }
    } catch (IOException e) {
      throw new OutputException(
          "Cannot see how much room there is in " + scratch + ": " + Text.firstLine(e), e);
    }
  }

  private static int[][] sortedById(List<Listing> examples) {
    long[] idsAndLabels = new long[examples.stream().mapToInt(Listing::size).sum()];
    int next = 0;
    for (Listing part : examples) {
      for (int i = 0; i < part.size(); i++) {
        idsAndLabels[next++] = ((long) part.id(i) << Integer.SIZE) | part.label(i);
      }
    }
    Arrays.sort(idsAndLabels);
    return new int[][] {
      Arrays.stream(idsAndLabels).mapToInt(pair -> (int) (pair >>> Integer.SIZE)).toArray(),
      Arrays.stream(idsAndLabels).mapToInt(pair -> (int) pair).toArray()
    };
  }

  private void map(int rowBytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      reserve(channel, (long) ids.length * rowBytes);
      for (int segment = 0; segment < segments.length; segment++) {
        long first = (long) segment * rowsPerSegment;
        long rows = Math.min(rowsPerSegment, ids.length - first);
        segments[segment] =
            channel
                .map(FileChannel.MapMode.READ_WRITE, first * rowBytes, rows * rowBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
      }
    }
  }

  /** A full disk shows here, and not as a fault in the middle of mapped memory. */
  private static void reserve(FileChannel channel, long bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
    for (long at = 0; at < bytes; at += zeros.capacity()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
      while (zeros.hasRemaining()) {
        channel.write(zeros);
      }
    }
  }

  /**
   * Stores the prediction of one member for one example.
   *
   * @param id of the example, one of the table's
   * @param probabilities the member's class probabilities from {@code offset} on
   */
  public void put(int id, int member, float[] probabilities, int offset) {
    int row = Arrays.binarySearch(ids, id);
    segments[row / rowsPerSegment].put(position(row, member), probabilities, offset, classes);
    parts.set(part(row, member));
    for (int i = offset; i < offset + classes; i++) {
      if (!Float.isFinite(probabilities[i])) {
        withoutNumbers.set(member);
      }
    }
  }

  /** Whether a prediction of a member is no number. */
  public boolean isBroken(int member) {
    return withoutNumbers.get(member);
  }

  private int position(int row, int member) {
    return (row % rowsPerSegment * members + member) * classes;
  }

  private int part(int row, int member) {
    return Math.addExact(Math.multiplyExact(row, members), member);
  }

  @Override
  public int examples() {
    return ids.length;
  }

  @Override
  public int members() {
    return members;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int label(int example) {
    return labels[example];
  }

  @Override
  public int id(int example) {
    return ids[example];
  }

  @Override
  public void read(int example, float[] into) {
    segments[example / rowsPerSegment].get(position(example, 0), into, 0, members * classes);
  }

  @Override
  public void readParts(int example, boolean[] into) {
    for (int member = 0; member < members; member++) {
      into[member] = parts.get(part(example, member));
    }
  }

  /** Removes the file. */
  @Override
  public void close() {
    Arrays.fill(segments, null);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + file, e);
    }
  }
}
