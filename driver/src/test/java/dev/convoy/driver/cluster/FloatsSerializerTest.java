package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatsSerializerTest {
  /** A stream's buffer is smaller than a block, and than an array. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 100_001})
  void arraysComeBackBitForBit(int length) {
    Kryo kryo = new Kryo();
    new KryoClasses().registerClasses(kryo);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = Float.intBitsToFloat(i * 0x9E3779B9);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Output output = new Output(bytes, 4096)) {
      kryo.writeObjectOrNull(output, values, float[].class);
      kryo.writeObjectOrNull(output, null, float[].class);
      kryo.writeClassAndObject(output, values);
    }
    assertThat(bytes.size()).isBetween(8 * length, 8 * length + 32);
    try (Input input = new Input(new ByteArrayInputStream(bytes.toByteArray()), 4096)) {
      assertBits(kryo.readObjectOrNull(input, float[].class), values);
      assertThat(kryo.readObjectOrNull(input, float[].class)).isNull();
      assertBits((float[]) kryo.readClassAndObject(input), values);
    }
  }

  private static void assertBits(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(Float.floatToRawIntBits(found[i])).isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
  }
}
