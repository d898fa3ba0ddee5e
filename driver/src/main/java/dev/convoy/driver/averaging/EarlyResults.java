package dev.convoy.driver.averaging;

import dev.convoy.worker.training.TrainedShard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Results that wait for those of shards before theirs: in memory up to a bound, and beyond it in
 * one temporary file, which the operating system deletes when it is closed. Driver only.
 */
final class EarlyResults implements AutoCloseable {
  private static final float[] ELSEWHERE = {};
  private static final int BUFFER_BYTES = 1 << 16;

  private final Map<Integer, Waiting> waiting = new HashMap<>();
  private final Path directory;
  private final long mostBytes;
  private long bytesInMemory;
  private FileChannel file;
  private long fileBytes;

  /**
   * Where a result is.
   *
   * @param result without its vectors if they are in the file
   * @param position of its vectors in the file; negative if they are in memory
   */
  private record Waiting(TrainedShard result, long position, int parameters, int optimizerState) {}

  /**
   * Nothing yet.
   *
   * @param mostBytes of vectors in memory
   * @param directory for the file, which exists only when it is needed
   */
  EarlyResults(long mostBytes, Path directory) {
    this.mostBytes = mostBytes;
    this.directory = directory;
  }

  boolean contains(int shard) {
    return waiting.containsKey(shard);
  }

  /** Bytes of vectors that are held in memory. */
  long bytesInMemory() {
    return bytesInMemory;
  }

  void put(TrainedShard result) {
    float[] parameters = result.parameters();
    float[] state = result.optimizerState();
    long bytes = bytes(parameters.length, state.length);
    if (bytesInMemory + bytes <= mostBytes) {
      bytesInMemory += bytes;
      waiting.put(result.shard(), new Waiting(result, -1, parameters.length, state.length));
      return;
    }
    try {
      long position = fileBytes;
      write(parameters);
      write(state);
      waiting.put(
          result.shard(),
          new Waiting(
              result.withVectors(ELSEWHERE, ELSEWHERE), position, parameters.length, state.length));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot put a worker's result aside in " + directory + ": " + e.getMessage(), e);
    }
  }

  /** Takes out a result that is there. */
  TrainedShard remove(int shard) {
    Waiting one = waiting.remove(shard);
    if (one.position() < 0) {
      bytesInMemory -= bytes(one.parameters(), one.optimizerState());
      return one.result();
    }
    try {
      float[] parameters = read(one.position(), one.parameters());
      float[] state = read(one.position() + bytes(one.parameters(), 0), one.optimizerState());
      return one.result().withVectors(parameters, state);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read a worker's result back from " + directory + ": " + e.getMessage(), e);
    }
  }

  private static long bytes(int parameters, int optimizerState) {
    return Float.BYTES * ((long) parameters + optimizerState);
  }

  private void write(float[] values) throws IOException {
    if (file == null) {
      Files.createDirectories(directory);
      file =
          FileChannel.open(
              Files.createTempFile(directory, "convoy-round-", ".tmp"),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (int from = 0; from < values.length; from += BUFFER_BYTES / Float.BYTES) {
      int count = Math.min(BUFFER_BYTES / Float.BYTES, values.length - from);
      buffer.clear().asFloatBuffer().put(values, from, count);
      buffer.limit(count * Float.BYTES);
      while (buffer.hasRemaining()) {
        fileBytes += file.write(buffer, fileBytes);
      }
    }
  }

  private float[] read(long position, int length) throws IOException {
    float[] values = new float[length];
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    long at = position;
    for (int from = 0; from < length; from += BUFFER_BYTES / Float.BYTES) {
      int count = Math.min(BUFFER_BYTES / Float.BYTES, length - from);
      buffer.clear().limit(count * Float.BYTES);
      while (buffer.hasRemaining()) {
        int read = file.read(buffer, at);
        if (read < 0) {
          throw new IOException("the file is too short");
        }
        at += read;
      }
      buffer.flip().asFloatBuffer().get(values, from, count);
    }
    return values;
  }

  /** Deletes the file; what waits there is lost. */
  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot delete a temporary file in " + directory, e);
      }
      file = null;
    }
  }
}
