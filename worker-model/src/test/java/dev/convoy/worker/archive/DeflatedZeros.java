package dev.convoy.worker.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A zip entry of some bytes and very many zeros after them, made without deflating those: a
 * deflated block of a megabyte of zeros is repeated.
 *
 * @param start what comes before the zeros
 * @param zeros how many there are, in whole mebibytes
 */
record DeflatedZeros(byte[] start, long zeros) {
  private static final int BLOCK = 1 << 20;
  private static final int CHUNK = 1 << 16;

  private static final int FLAGS = 6;
  private static final int DESCRIPTOR_FOLLOWS = 1 << 3;
  private static final int METHOD = 8;
  private static final int METHOD_DEFLATED = 8;

  /**
   * Writes the entry as it stands in a zip file; its checksum is wrong, which is seen at its end.
   */
  void writeEntry(String name, ByteArrayOutputStream file) throws IOException {
    file.write(header(name));
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      file.write(flushed(deflater, start));
      // The first block may refer to nothing before it; each later one to zeros, as the second
      // does.
      file.write(flushed(deflater, new byte[BLOCK]));
      byte[] block = flushed(deflater, new byte[BLOCK]);
      for (long written = 2L * BLOCK; written <= zeros; written += BLOCK) {
        file.write(block);
      }
    } finally {
      deflater.end();
    }
  }

  private static byte[] flushed(Deflater deflater, byte[] content) {
    deflater.setInput(content);
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    int length;
    do {
      length = deflater.deflate(chunk, 0, CHUNK, Deflater.SYNC_FLUSH);
      deflated.write(chunk, 0, length);
    } while (length == CHUNK);
    return deflated.toByteArray();
  }

  /** The local header that Java itself writes, of an entry whose sizes follow it. */
  private static byte[] header(String name) throws IOException {
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    ZipOutputStream zip = new ZipOutputStream(stored);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(0);
    entry.setCrc(new CRC32().getValue());
    zip.putNextEntry(entry);
    zip.closeEntry();
    zip.flush();
    byte[] header = stored.toByteArray();
    header[FLAGS] |= DESCRIPTOR_FOLLOWS;
    header[METHOD] = METHOD_DEFLATED;
    return header;
  }
}
