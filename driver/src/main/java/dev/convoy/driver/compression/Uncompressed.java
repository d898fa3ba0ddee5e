package dev.convoy.driver.compression;

import dev.convoy.data.component.Component;
import java.nio.ByteBuffer;

/** Sends values as they are, in single precision. */
public record Uncompressed() implements Compression {
  static final Component<Compression> COMPONENT =
      Component.named("none", "parameters as they are, 4 bytes each")
          .createdBy(options -> new Uncompressed());

  @Override
  public boolean isExact() {
    return true;
  }

  @Override
  public int bytes(int values) {
    return values * Float.BYTES;
  }

  @Override
  public void compress(float[] block, int values, ByteBuffer out) {
    for (int i = 0; i < values; i++) {
      out.putFloat(block[i]);
    }
  }

  @Override
  public void decompress(ByteBuffer in, float[] block, int values) {
    for (int i = 0; i < values; i++) {
      block[i] = in.getFloat();
    }
  }
}
