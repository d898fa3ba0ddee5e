package dev.convoy.data.format;

import dev.convoy.data.ImageShape;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.Listing;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Reads the examples of container files, which can only be read forwards. A part in file order is
 * streamed; any other is read in windows, each sorted into file order and delivered in its own.
 */
final class Containers {
  private static final long WINDOW_BYTES = 64L << 20;

  private final Opener opener;
  private final int windowExamples;

  Containers(Opener opener, ImageShape shape) {
    this.opener = opener;
    this.windowExamples = (int) Math.max(1, WINDOW_BYTES / shape.size());
  }

  /** Gives every example of {@code part} to {@code sink}, in ascending position. */
  void read(Listing part, ExampleSink sink) throws IOException {
    if (isInFileOrder(part)) {
      stream(part, sink::accept);
      return;
    }
    for (int from = 0; from < part.size(); from += windowExamples) {
      readWindow(part, from, Math.min(part.size(), from + windowExamples), sink);
    }
  }

  private void readWindow(Listing part, int from, int to, ExampleSink sink) throws IOException {
    Integer[] sorted = new Integer[to - from];
    Arrays.setAll(sorted, i -> from + i);
    Arrays.sort(
        sorted,
        Comparator.comparing((Integer position) -> part.file(position))
            .thenComparing(position -> part.record(position)));
    int[] positions = Arrays.stream(sorted).mapToInt(Integer::intValue).toArray();
    byte[][] pixels = new byte[to - from][];
    stream(part.select(positions), (i, borrowed) -> pixels[positions[i] - from] = borrowed.clone());
    for (int i = 0; i < pixels.length; i++) {
      sink.accept(from + i, pixels[i]);
      pixels[i] = null;
    }
  }

  private void stream(Listing part, Receiver receiver) throws IOException {
    Container container = null;
    try {
      for (int i = 0; i < part.size(); i++) {
        if (container == null || !part.file(i).equals(part.file(i - 1))) {
          if (container != null) {
            container.close();
          }
          container = opener.open(part.file(i));
        }
        receiver.accept(i, container.pixels(part.record(i)));
      }
    } finally {
      if (container != null) {
        container.close();
      }
    }
  }

  private static boolean isInFileOrder(Listing part) {
    for (int i = 1; i < part.size(); i++) {
      if (part.record(i) < part.record(i - 1) && part.file(i).equals(part.file(i - 1))) {
        return false;
      }
    }
    return true;
  }

  /** Opens one container file for reading forwards. */
  interface Opener {
    Container open(String file) throws IOException;
  }

  /** An open container file. */
  interface Container extends Closeable {
    /** The pixels of one record, in the shape of the run; no record before an earlier one. */
    byte[] pixels(int record) throws IOException;
  }

  private interface Receiver {
    void accept(int position, byte[] pixels);
  }
}
