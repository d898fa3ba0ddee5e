package dev.convoy.data.source;

import java.io.IOException;
import java.util.function.IntConsumer;

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
   * The same, and says how many images have been found while it goes on. A source that lists all at
   * once says so at the end.
   *
   * @param found told how many more there are, by the calling thread; the sum is a count of what is
   *     seen, and not always of what is listed in the end
   */
  default ListedImages list(IntConsumer found) throws IOException {
    ListedImages listed = list();
    found.accept(listed.listing().size());
    return listed;
  }

  /**
   * Reads every example of {@code part} once, in ascending position. Called on executors. The part
   * has its examples in the order of the full listing, so that each file is read in one pass.
   *
   * @throws dev.convoy.data.DataException when a file is missing or a container is broken
   * @throws IOException when the file system fails, which a retry may mend
   */
  void read(Listing part, ExampleSink sink) throws IOException;
}
