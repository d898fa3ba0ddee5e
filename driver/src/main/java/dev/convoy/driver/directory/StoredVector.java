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
import java.util.zip.Checksum;

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
  static StoredVector passOver(DataInputStream in, Source file, long offset, int length)
      throws IOException {
    Checksum checksum = new CRC32C();
    forEachPiece(in, length, checksum, piece -> {});
    return new StoredVector(file, offset, length, checksum.getValue());
  }

  /**
   * {@inheritDoc}
   *
   * @throws OutputException if the file cannot be read, or is no longer what it was
   */
  @Override
  public void forEachPiece(Consumer<float[]> receiver) {
    Checksum read = new CRC32C();
    try (DataInputStream in = new DataInputStream(file.open())) {
      in.skipNBytes(offset);
      forEachPiece(in, length, read, receiver);
      if (read.getValue() != checksum) {
        throw new IOException("it was changed while the run was going on from it");
      }
    } catch (IOException e) {
      throw new OutputException(
          e,
          "Cannot read the checkpoint that the run goes on from: %s. Give the same command again.",
          Text.firstLine(e));
    }
  }

  private static void forEachPiece(
      DataInputStream in, int length, Checksum checksum, Consumer<float[]> receiver)
      throws IOException {
    byte[] bytes = new byte[Math.min(PIECE, length) * Float.BYTES];
    for (int from = 0; from < length; from += PIECE) {
      float[] piece = new float[Math.min(PIECE, length - from)];
      int size = piece.length * Float.BYTES;
      in.readFully(bytes, 0, size);
      checksum.update(bytes, 0, size);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(piece);
      receiver.accept(piece);
    }
  }
}
