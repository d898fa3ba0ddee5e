package dev.convoy.data.format;

import dev.convoy.data.DaemonThreads;
import dev.convoy.data.DataException;
import dev.convoy.data.Picture;
import dev.convoy.data.image.DecodingMemory;
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
import java.nio.file.AccessDeniedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads examples that are image files of their own. Files are fetched and decoded by threads that
 * all sources of a JVM share, one per core, and delivered in order: an executor with one GPU and
 * many cores runs one task, and should not wait for one core. What they take of the heap together
 * is bounded: a thread whose image does not fit beside the others' waits.
 */
final class EncodedImages {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  /** Images on their way or waiting for their turn. */
  private static final int WINDOW = 4 * THREADS;

  /** The part of the memory for decoding that decoded images may take while they wait. */
  private static final int WINDOW_SHARE = 4;

  private static final Logger LOG = LoggerFactory.getLogger(EncodedImages.class);

  /** Once in a JVM. */
  private static final AtomicBoolean TOLD_OF_MORE = new AtomicBoolean();

  private static final ExecutorService DECODERS =
      Executors.newFixedThreadPool(THREADS, DaemonThreads.named("convoy-decoder"));

  private final ImageDecoder decoder;
  private final DecodeLimits limits;
  private final Configuration hadoop;
  private final DecodingMemory memory;
  private final int window;

  /**
   * A picture, and the file that it was where that is smaller; else null, so that what waits takes
   * at most twice the room of pictures.
   */
  private record Decoded(Picture picture, byte[] file) {
    static Decoded of(Picture picture, byte[] file) {
      return new Decoded(picture, file.length < picture.pixels().length ? file : null);
    }
  }

  EncodedImages(SourceSettings settings, Configuration hadoop) {
    this(settings, hadoop, DecodingMemory.ofThisJvm());
  }

  EncodedImages(SourceSettings settings, Configuration hadoop, DecodingMemory memory) {
    this.decoder = new ImageDecoder(settings.store(), settings.limits());
    this.limits = settings.limits();
    this.hadoop = hadoop;
    this.memory = memory;
    long fitting = memory.bytes() / WINDOW_SHARE / (2L * settings.store().largestSize());
    this.window = (int) Math.max(1, Math.min(WINDOW, fitting));
  }

  /**
   * An image on its way.
   *
   * @param held bytes of its file that wait for a decoder
   */
  private record Ahead(Future<Decoded> image, long held) {}

  /** Files that wait for a decoder take as much as pictures that wait for their turn. */
  private long mostHeld() {
    return memory.bytes() / WINDOW_SHARE;
  }

  /** Where the bytes of one image are. */
  interface Content {
    /** How many there are. */
    long bytes() throws IOException;

    /** All of them, or the first {@code most}. */
    byte[] read(int most) throws IOException;

    /** The file that holds them, for messages. */
    Path file();

    /** How many of them are on the heap already, before they are asked for. */
    default long held() {
      return 0;
    }
  }

  /** From a position in a listing to the bytes of its image. */
  interface Contents {
    Content of(Listing part, int position) throws IOException;
  }

  /**
   * Gives every example of {@code part}, which are files, to {@code sink}, in ascending position.
   */
  void read(Listing part, ExampleSink sink) throws IOException {
    read(part, (listing, position) -> new WholeFile(listing.file(position)), sink);
  }

  /** Gives every example of {@code part} to {@code sink}, in ascending position. */
  void read(Listing part, Contents contents, ExampleSink sink) throws IOException {
    Deque<Ahead> ahead = new ArrayDeque<>();
    long held = 0;
    try {
      int submitted = 0;
      for (int i = 0; i < part.size(); i++) {
        while (ahead.isEmpty()
            || (submitted < Math.min(part.size(), i + window) && held < mostHeld())) {
          Content content = contents.of(part, submitted++);
          held += content.held();
          ahead.add(new Ahead(DECODERS.submit(() -> decode(content)), content.held()));
        }
        Ahead next = ahead.remove();
        deliver(i, part.location(i), next.image(), sink);
        held -= next.held();
      }
    } finally {
      ahead.forEach(next -> next.image().cancel(false));
    }
  }

  private static void deliver(int position, String file, Future<Decoded> decoded, ExampleSink sink)
      throws IOException {
    Decoded image;
    try {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      image = decoded.get();
    } catch (ExecutionException e) {
      sink.reject(position, reasonOf(file, e.getCause()));
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while reading images");
    }
    if (image.file() == null) {
      sink.accept(position, image.picture());
    } else {
      sink.accept(position, image.picture(), image.file());
    }
  }

  /** Why an image is unreadable; every other failure is thrown. */
  private static String reasonOf(String file, Throwable failure) throws IOException {
    if (failure instanceof UnreadableImageException unreadable) {
      return unreadable.getMessage();
    }
    if (failure instanceof DataException missing) {
      throw new DataException(missing.getMessage(), missing);
    }
    throw new IOException("Cannot read the image " + file + ": " + failure, failure);
  }

  /**
   * Decodes one image in its part of the memory. Should the heap be exhausted all the same, by
   * others than decoders, the image is decoded once more when no other is.
   */
  private Decoded decode(Content content)
      throws IOException, UnreadableImageException, InterruptedException {
    try {
      // Twice, since a file is read in pieces.
      return decode(content, 2 * requireAllowed(content.bytes()));
    } catch (FileNotFoundException | AccessControlException | AccessDeniedException e) {
      throw Locations.unreachable("an image", "a file", content.file(), e);
    } catch (OutOfMemoryError e) {
      return decodeAlone(content);
    }
  }

  private Decoded decodeAlone(Content content)
      throws IOException, UnreadableImageException, InterruptedException {
    try {
      return decode(content, memory.bytes());
    } catch (OutOfMemoryError e) {
      throw DataException.cannot(
          "decode an image",
          "room on the heap",
          "none while no other image was decoded",
          content.file(),
          advice(),
          e);
    }
  }

  private Decoded decode(Content content, long expectedBytes)
      throws IOException, UnreadableImageException, InterruptedException {
    long needed = expectedBytes;
    while (true) {
      // How much an image takes is known when it has been opened. If it is not free then, the
      // file is closed and opened again later: a waiting thread holds nothing that others wait for.
      try (DecodingMemory.Reservation room = memory.reserve(needed)) {
        byte[] file = read(content);
        ImageDecoder.Opened image = decoder.open(file, memory.bytes());
        requireFitting(content.file(), image);
        if (room.tryExtend(image.reservedBytes())) {
          if (image.holdsMore()) {
            tellOfMore(content.file());
          }
          return Decoded.of(image.decode(), file);
        }
        needed = image.reservedBytes();
      }
    }
  }

  private static void tellOfMore(Path path) {
    if (!TOLD_OF_MORE.getAndSet(true)) {
      LOG.warn(
          "{} holds several pictures: of animations and of pages the first counts. Others are not"
              + " named.",
          path);
    }
  }

  private void requireFitting(Path path, ImageDecoder.Opened image) {
    if (image.bytes() > memory.bytes()) {
      throw DataException.cannot(
          "decode an image",
          "at most " + mebibytes(memory.bytes()) + " to decode it in",
          image.size() + " that take " + mebibytes(image.bytes()),
          path,
          advice());
    }
  }

  private static String advice() {
    return "Give the JVM more than its "
        + mebibytes(Runtime.getRuntime().maxMemory())
        + " of heap (spark.executor.memory; CONVOY_JAVA_OPTIONS=-Xmx8g for the driver and for local"
        + " masters), or leave out large images with data.max-image-megapixels.";
  }

  private static String mebibytes(long bytes) {
    return ((bytes + (1 << 20) - 1) >> 20) + " MiB";
  }

  private byte[] read(Content content) throws IOException, UnreadableImageException {
    // A file may have grown since its length was asked.
    int most = (int) Math.min(Integer.MAX_VALUE - 8, limits.maxFileBytes() + 1);
    byte[] bytes = content.read(most);
    requireAllowed(bytes.length);
    return bytes;
  }

  /** An image that is a file of its own. */
  private final class WholeFile implements Content {
    private final Path path;

    WholeFile(String file) {
      this.path = Locations.onExecutor(Locations.path(file), hadoop);
    }

    @Override
    public long bytes() throws IOException {
      return Locations.fileSystem("an image", path, hadoop).getFileStatus(path).getLen();
    }

    @Override
    public byte[] read(int most) throws IOException {
      try (InputStream in = Locations.fileSystem("an image", path, hadoop).open(path)) {
        return in.readNBytes(most);
      }
    }

    @Override
    public Path file() {
      return path;
    }
  }

  private long requireAllowed(long bytes) throws UnreadableImageException {
    if (bytes > limits.maxFileBytes()) {
      throw new UnreadableImageException(
          "the file has "
              + bytes
              + " bytes, more than data.max-file-megabytes allows, "
              + limits.maxFileBytes());
    }
    return bytes;
  }
}
