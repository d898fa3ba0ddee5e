package dev.convoy.driver.cluster;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Arrays of floats as their length (int32) and their bytes, little-endian, which are copied in
 * blocks: Kryo's own serializer goes value by value.
 */
final class FloatsSerializer extends Serializer<float[]> {
  private static final int BLOCK = 1 << 14;

  @Override
  public void write(Kryo kryo, Output output, float[] values) {
    output.writeInt(values.length);
    byte[] bytes = new byte[Float.BYTES * Math.min(BLOCK, values.length)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += BLOCK) {
      int count = Math.min(BLOCK, values.length - from);
      buffer.asFloatBuffer().put(values, from, count);
      output.writeBytes(bytes, 0, count * Float.BYTES);
    }
  }

  @Override
  public float[] read(Kryo kryo, Input input, Class<float[]> type) {
    int length = input.readInt();
    float[] values = new float[length];
    byte[] bytes = new byte[Float.BYTES * Math.min(BLOCK, length)];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < length; from += BLOCK) {
      int count = Math.min(BLOCK, length - from);
      input.readBytes(bytes, 0, count * Float.BYTES);
      buffer.asFloatBuffer().get(values, from, count);
    }
    return values;
  }
}
