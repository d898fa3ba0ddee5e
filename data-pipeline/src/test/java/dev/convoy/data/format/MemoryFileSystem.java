package dev.convoy.data.format;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Files of one directory in memory, to be read: a Hadoop file system for tests that read many. The
 * scheme is {@code memory}.
 */
public class MemoryFileSystem extends FileSystem {
  private static final URI ROOT = URI.create("memory:///");
  private static final Map<String, byte[]> FILES = new ConcurrentSkipListMap<>();

  private static final Map<String, Integer> OPENED = new ConcurrentSkipListMap<>();
  private static final AtomicInteger ASKED = new AtomicInteger();
  private static final AtomicInteger LISTED = new AtomicInteger();

  /** A configuration that knows the scheme. */
  static Configuration configuration() {
    Configuration hadoop = new Configuration(false);
    hadoop.setClass("fs.memory.impl", MemoryFileSystem.class, FileSystem.class);
    return hadoop;
  }

  /** Replaces all files of a directory, such as {@code /idx}. */
  static void put(String directory, Map<String, byte[]> files) {
    FILES.keySet().removeIf(name -> name.startsWith(directory + "/"));
    files.forEach((name, content) -> FILES.put(directory + "/" + name, content));
    OPENED.clear();
    ASKED.set(0);
    LISTED.set(0);
  }

  /** How often somebody asked for one file or folder since files were put here last. */
  static int asked() {
    return ASKED.get();
  }

  /** How often somebody listed a folder since files were put here last. */
  static int listed() {
    return LISTED.get();
  }

  /** How often each file was opened since files were put here last. */
  static Map<String, Integer> opened() {
    return Map.copyOf(OPENED);
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws FileNotFoundException {
    byte[] content = FILES.get(path.toUri().getPath());
    if (content == null) {
      throw new FileNotFoundException(path.toString());
    }
    OPENED.merge(path.toUri().getPath(), 1, Integer::sum);
    return new FSDataInputStream(new Content(content));
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    String folder = path.toUri().getPath() + "/";
    LISTED.incrementAndGet();
    FileStatus[] files =
        FILES.entrySet().stream()
            .filter(file -> file.getKey().startsWith(folder))
            .map(file -> status(file.getKey(), file.getValue().length, false))
            .toArray(FileStatus[]::new);
    if (files.length == 0) {
      throw new FileNotFoundException(folder);
    }
    return files;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    String name = path.toUri().getPath();
    ASKED.incrementAndGet();
    byte[] content = FILES.get(name);
    if (content != null) {
      return status(name, content.length, false);
    }
    if (FILES.keySet().stream().anyMatch(file -> file.startsWith(name + "/"))) {
      return status(name, 0, true);
    }
    throw new FileNotFoundException(name);
  }

  private static FileStatus status(String name, long bytes, boolean isDirectory) {
    return new FileStatus(bytes, isDirectory, 1, 1, 0, new Path(ROOT + name.substring(1)));
  }

  private static final class Content extends ByteArrayInputStream
      implements Seekable, PositionedReadable {
    Content(byte[] content) {
      super(content);
    }

    @Override
    public synchronized void seek(long position) {
      pos = (int) Math.min(position, count);
    }

    @Override
    public synchronized long getPos() {
      return pos;
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public int read(long position, byte[] buffer, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void readFully(long position, byte[] buffer, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void readFully(long position, byte[] buffer) {
      throw new UnsupportedOperationException();
    }
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean rename(Path source, Path target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setWorkingDirectory(Path directory) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path(ROOT);
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    throw new UnsupportedOperationException();
  }
}
