package dev.convoy.driver.directory;

import dev.convoy.data.Text;
import dev.convoy.driver.averaging.Vector;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * A vector that stays in its file, as little-endian float32, and is read a piece at a time. Driver
 * only.
 *
 * @param file that it is in
 * @param offset of its first byte
 * @param length how many values
 * @param checksum CRC-32C of its bytes
 */
record StoredVector(Source file, long offset, int length, long checksum) implements Vector {
  private static final int PIECE = 1 << 18;

  /** A file that can be read any number of times. */
  @FunctionalInterface
  interface Source {
    /** At its first byte; closed by the caller. */
    InputStream open() throws IOException;
  }

  /**
   * The vector that comes next in a file; its values are passed over.
   *
   * @param in stands at its first byte, and afterwards behind its last
   * @param offset of that byte in the file
   */
  static StoredVector passOver(InputStream in, Source file, long offset, int length)
      throws IOException {
    CheckedInputStream checked = new CheckedInputStream(in, new CRC32C());
    checked.skipNBytes((long) length * Float.BYTES);
    return new StoredVector(file, offset, length, checked.getChecksum().getValue());
  }

  /**
   * {@inheritDoc}
   *
   * @throws OutputException if the file cannot be read, or is no longer what it was
   */
  @Override
  public void forEachPiece(Consumer<float[]> receiver) {
    try (InputStream stream = file.open()) {
      stream.skipNBytes(offset);
      CheckedInputStream checked = new CheckedInputStream(stream, new CRC32C());
      DataInputStream in = new DataInputStream(checked);
      byte[] bytes = new byte[Math.min(PIECE, length) * Float.BYTES];
      for (int from = 0; from < length; from += PIECE) {
        float[] piece = new float[Math.min(PIECE, length - from)];
        in.readFully(bytes, 0, piece.length * Float.BYTES);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(piece);
        receiver.accept(piece);
      }
      if (checked.getChecksum().getValue() != checksum) {
        throw new IOException("it was changed while the run was going on from it");
      }
    } catch (IOException e) {
      throw new OutputException(
          e,
          "Cannot read the checkpoint that the run goes on from: %s. Give the same command again.",
          Text.firstLine(e));
    }
  }
}
