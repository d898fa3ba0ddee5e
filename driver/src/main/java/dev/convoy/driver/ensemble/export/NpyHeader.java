package dev.convoy.driver.ensemble.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The header of a file in NumPy's format, version 1.0 ({@code numpy.lib.format}); the values follow
 * it in C order.
 */
final class NpyHeader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** Values begin at a multiple of it. */
  private static final int ALIGNMENT = 64;

  /** What an array holds. */
  enum Type {
    /** Little-endian float32. */
    FLOAT("<f4"),
    /** Little-endian int32. */
    INT("<i4");

    private final String description;

    Type(String description) {
      this.description = description;
    }
  }

  private NpyHeader() {}

  /**
   * The bytes before the values.
   *
   * @param shape of the array, at least one axis
   */
  static byte[] of(Type type, int... shape) {
    String axes =
        Arrays.stream(shape).mapToObj(axis -> axis + ",").collect(Collectors.joining(" "));
    String dictionary =
        String.format(
            "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", type.description, axes);
    int before = MAGIC.length + Short.BYTES;
    int size = -Math.floorDiv(-(before + dictionary.length() + 1), ALIGNMENT) * ALIGNMENT;
    String padded = dictionary + " ".repeat(size - before - dictionary.length() - 1) + "\n";
    return ByteBuffer.allocate(size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putShort((short) padded.length())
        .put(padded.getBytes(StandardCharsets.US_ASCII))
        .array();
  }
}
