package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.UnreadableImageException;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.SourceSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads examples that are image files of their own. Files are fetched and decoded by threads that
 * all sources of a JVM share, one per core, and delivered in order: an executor with one GPU and
 * many cores runs one task, and should not wait for one core.
 */
final class EncodedImages {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  /** Images on their way or waiting for their turn. */
  private static final int WINDOW = 4 * THREADS;

  private static final ExecutorService DECODERS =
      Executors.newFixedThreadPool(THREADS, EncodedImages::daemon);

  private final ImageDecoder decoder;
  private final DecodeLimits limits;
  private final Configuration hadoop;

  EncodedImages(SourceSettings settings, Configuration hadoop) {
    this.decoder = new ImageDecoder(settings.shape(), settings.limits());
    this.limits = settings.limits();
    this.hadoop = hadoop;
  }

  /** Gives every example of {@code part} to {@code sink}, in ascending position. */
  void read(Listing part, ExampleSink sink) throws IOException {
    Deque<Future<byte[]>> ahead = new ArrayDeque<>();
    try {
      int submitted = 0;
      for (int i = 0; i < part.size(); i++) {
        while (submitted < Math.min(part.size(), i + WINDOW)) {
          String file = part.file(submitted++);
          ahead.add(DECODERS.submit(() -> decoder.decode(readFile(file))));
        }
        deliver(i, ahead.remove(), sink);
      }
    } finally {
      ahead.forEach(future -> future.cancel(false));
    }
  }

  private static void deliver(int position, Future<byte[]> decoded, ExampleSink sink)
      throws IOException {
    byte[] pixels;
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      pixels = decoded.get();
    } catch (ExecutionException e) {
      sink.reject(position, reasonOf(e.getCause()));
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while reading images");
    }
    sink.accept(position, pixels);
  }

  /** Why an image is unreadable; every other failure is thrown. */
  private static String reasonOf(Throwable failure) throws IOException {
    if (failure instanceof UnreadableImageException unreadable) {
      return unreadable.getMessage();
    }
    if (failure instanceof DataException missing) {
      throw new DataException(missing.getMessage(), missing);
    }
    throw new IOException("Cannot read an image: " + failure.getMessage(), failure);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "convoy-decoder");
    thread.setDaemon(true);
    return thread;
  }

  private byte[] readFile(String file) throws IOException, UnreadableImageException {
    Path path = new Path(file);
    FileSystem files = path.getFileSystem(hadoop);
    try {
      requireAllowed(files.getFileStatus(path).getLen());
      try (InputStream in = files.open(path)) {
        // The file may have grown since its length was asked.
        int most = (int) Math.min(Integer.MAX_VALUE - 8, limits.maxFileBytes() + 1);
        byte[] bytes = in.readNBytes(most);
        requireAllowed(bytes.length);
        return bytes;
      }
    } catch (FileNotFoundException e) {
      throw new DataException(
          "Cannot read an image: expected a file, found none, in "
              + path
              + ". Check the path, and that the file was not moved since the run began.",
          e);
    }
  }

  private void requireAllowed(long bytes) throws UnreadableImageException {
    if (bytes > limits.maxFileBytes()) {
      throw new UnreadableImageException(
          "the file has " + bytes + " bytes, more than the limit of " + limits.maxFileBytes());
    }
  }
}
