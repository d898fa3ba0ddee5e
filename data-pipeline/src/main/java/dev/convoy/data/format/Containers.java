package dev.convoy.data.format;

import dev.convoy.data.Picture;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.Listing;
import java.io.Closeable;
import java.io.IOException;

/** Reads the examples of container files, which can only be read forwards. */
final class Containers {
  private Containers() {}

  /** Gives every example of {@code part}, which is in file order, to {@code sink}. */
  static void read(Listing part, Opener opener, ExampleSink sink) throws IOException {
    Container container = null;
    try {
      for (int i = 0; i < part.size(); i++) {
        if (container == null || !part.file(i).equals(part.file(i - 1))) {
          if (container != null) {
            container.close();
          }
          container = opener.open(part.file(i));
        }
        sink.accept(i, container.picture(part.record(i)));
      }
    } finally {
      if (container != null) {
        container.close();
      }
    }
  }

  /** Opens one container file for reading forwards. */
  interface Opener {
    Container open(String file) throws IOException;
  }

  /** An open container file. */
  interface Container extends Closeable {
    /** One record, in the shape in which the run keeps it; no record before an earlier one. */
    Picture picture(int record) throws IOException;
  }
}
