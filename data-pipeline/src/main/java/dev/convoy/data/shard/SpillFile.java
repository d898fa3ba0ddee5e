package dev.convoy.data.shard;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One temporary file for the chunks of a shard that found no room on the heap. Where the operating
 * system allows it the file's name is removed at once, so that not even a killed JVM leaves it
 * behind.
 *
 * <p>A {@code RandomAccessFile}, because an interrupted reader would close a {@code FileChannel}
 * for everyone. Seek and transfer are two steps there, hence the lock.
 */
final class SpillFile implements AutoCloseable {
  private final Path path;
  private final RandomAccessFile file;
  private long size;

  private SpillFile(Path path, RandomAccessFile file) {
    this.path = path;
    this.file = file;
  }

  /** A new empty file in {@code directory}, which is created if missing. */
  static SpillFile create(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path path = Files.createTempFile(directory, "convoy-shard-", ".spill");
    SpillFile spill = new SpillFile(path, new RandomAccessFile(path.toFile(), "rw"));
    spill.tryDelete();
    return spill;
  }

  /** Appends {@code length} bytes and returns the offset where they start. */
  synchronized long append(byte[] bytes, int length) throws IOException {
    long offset = size;
    file.seek(offset);
    file.write(bytes, 0, length);
    size += length;
    return offset;
  }

  /** Reads {@code length} bytes from {@code position} into {@code target}. */
  synchronized void read(long position, byte[] target, int offset, int length) throws IOException {
    file.seek(position);
    file.readFully(target, offset, length);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
    Files.deleteIfExists(path);
  }

  private void tryDelete() {
    // Some systems keep the name of an open file; close() then deletes it.
    path.toFile().delete();
  }
}
