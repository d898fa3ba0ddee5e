package dev.convoy.worker.cuda;

import java.nio.ByteBuffer;

/** The arguments of a kernel, packed as the device reads them. */
final class KernelArguments {
  private KernelArguments() {}

  /**
   * Packs numbers one after the other, each at a multiple of its size.
   *
   * @param into from its beginning
   * @return how many bytes they take
   */
  static int pack(Object[] arguments, ByteBuffer into) {
    into.clear();
    for (Object argument : arguments) {
      if (argument instanceof Integer number) {
        align(into, Integer.BYTES).putInt(number);
      } else if (argument instanceof Float number) {
        align(into, Float.BYTES).putFloat(number);
      } else if (argument instanceof Long number) {
        align(into, Long.BYTES).putLong(number);
      } else if (argument instanceof Double number) {
        align(into, Double.BYTES).putDouble(number);
      } else if (argument instanceof Address address) {
        align(into, Long.BYTES).putLong(address.get());
      } else {
        throw new IllegalArgumentException("Cannot hand " + argument + " to a kernel");
      }
    }
    return into.position();
  }

  private static ByteBuffer align(ByteBuffer into, int bytes) {
    return into.position((into.position() + bytes - 1) / bytes * bytes);
  }
}
