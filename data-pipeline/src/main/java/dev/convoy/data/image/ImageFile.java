package dev.convoy.data.image;

import java.io.IOException;

/**
 * An encoded picture whose header was read and whose pixels were not: one implementation for each
 * format. The rows that it gives are the stored values: no colour profile, gamma or alpha changes
 * them.
 */
interface ImageFile {
  /** What the header says. */
  ImageHeader header();

  /** Whether more pictures follow, of an animation or on other pages, which do not count. */
  default boolean holdsMore() {
    return false;
  }

  /**
   * Bytes of heap, besides the file itself, that decoding takes when at most so many rows are in
   * memory at once.
   *
   * @param rows from 1 to the height
   */
  long bytes(int rows);

  /** Bytes of native memory that a library takes beside that while it decodes. */
  default long nativeBytes() {
    return 0;
  }

  /**
   * Decodes the picture.
   *
   * @param rowsAtOnce how many rows may be in memory at once; what is fewer than the height takes
   *     more time and gives the same rows
   * @param rows receives every row once
   * @throws UnreadableImageException when the data are damaged or end too early
   * @throws IOException likewise, from a library
   */
  void read(int rowsAtOnce, Rows rows) throws IOException, UnreadableImageException;

  /**
   * Decodes a part of the picture. What is damaged elsewhere need not be noticed.
   *
   * @param part of the rows and columns as they are stored
   * @param rows receives the part's rows, from its first column on
   */
  default void readPart(CropBox part, int rowsAtOnce, Rows rows)
      throws IOException, UnreadableImageException {
    read(rowsAtOnce, new RowsOfPart(part, header().channels(), rows));
  }
}
