package dev.convoy.data.source;

import java.io.IOException;

/** One place that images come from. Implementations hold no open files between calls. */
public interface ImageSource {
  /**
   * Lists every example. Called on the driver; reads names, headers and labels, never pixels.
   *
   * @throws dev.convoy.data.DataException when the data breaks the format's rules
   * @throws IOException when the file system fails, which a retry may mend
   */
  ListedImages list() throws IOException;

  /**
   * Reads every example of {@code part} once, in ascending position. Called on executors. The part
   * has its examples in the order of the full listing, so that each file is read in one pass.
   *
   * @throws dev.convoy.data.DataException when a file is missing or a container is broken
   * @throws IOException when the file system fails, which a retry may mend
   */
  void read(Listing part, ExampleSink sink) throws IOException;
}
