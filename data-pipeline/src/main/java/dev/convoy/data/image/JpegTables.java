package dev.convoy.data.image;

/**
 * Which of the tables that a JPEG of one scan is decoded by are its own. The format lets tables be
 * left out that came with an earlier picture.
 */
final class JpegTables {
  private static final int DESTINATIONS = 4;

  /** Values of a quantisation table; of 16 bits each where its precision is not 0. */
  private static final int QUANTISATION_VALUES = 64;

  /** Counts of codes of each length at the start of a Huffman table. */
  private static final int CODE_LENGTHS = 16;

  private final byte[] file;
  private int quantisation;
  private int huffmanOfDc;
  private int huffmanOfAc;
  private int neededQuantisation;
  private boolean complete;

  JpegTables(byte[] file) {
    this.file = file;
  }

  /** A segment of quantisation tables. */
  void readQuantisation(int start, int end) {
    int at = start;
    while (at < end) {
      int bytes = (file[at] & 0xf0) == 0 ? QUANTISATION_VALUES : 2 * QUANTISATION_VALUES;
      if (at + 1 + bytes <= end) {
        quantisation |= 1 << (file[at] & 0x0f);
      }
      at += 1 + bytes;
    }
  }

  /** A segment of Huffman tables. */
  void readHuffman(int start, int end) {
    int at = start;
    while (at + CODE_LENGTHS < end) {
      int codes = 0;
      for (int length = 1; length <= CODE_LENGTHS; length++) {
        codes += file[at + length] & 0xff;
      }
      int destination = 1 << (file[at] & 0x0f);
      if ((file[at] & 0xf0) == 0) {
        huffmanOfDc |= destination;
      } else {
        huffmanOfAc |= destination;
      }
      at += 1 + CODE_LENGTHS + codes;
    }
  }

  /** A component of the frame. */
  void needQuantisation(int table) {
    neededQuantisation |= 1 << table;
  }

  /** The header of the scan, after all tables. */
  void readScan(int start, int end) {
    int components = start < end ? file[start] & 0xff : 0;
    complete =
        components > 0
            && start + 1 + 2 * components <= end
            && (neededQuantisation & ~quantisation) == 0;
    for (int component = 0; complete && component < components; component++) {
      int selectors = file[start + 2 + 2 * component] & 0xff;
      int dc = selectors >> 4;
      int ac = selectors & 0x0f;
      complete =
          dc < DESTINATIONS
              && ac < DESTINATIONS
              && (huffmanOfDc & 1 << dc) != 0
              && (huffmanOfAc & 1 << ac) != 0;
    }
  }

  /** Whether nothing is left out that the scan needs. */
  boolean areComplete() {
    return complete;
  }
}
