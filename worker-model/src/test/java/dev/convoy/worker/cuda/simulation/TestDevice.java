package dev.convoy.worker.cuda.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.convoy.worker.cuda.api.Driver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The first device of a simulated machine in a test's hands, with a stream and a module. */
final class TestDevice {
  private final Driver driver;
  private final long stream;
  private long module;

  TestDevice(SimulatedMachine machine) {
    driver = machine.driver();
    check(driver.cuInit(0));
    long[] context = new long[1];
    check(driver.cuDevicePrimaryCtxRetain(context, 0));
    check(driver.cuCtxSetCurrent(context[0]));
    long[] created = new long[1];
    check(driver.cuStreamCreate(created, Driver.NON_BLOCKING));
    stream = created[0];
  }

  /** With the kernels of a file beside this class. */
  TestDevice(SimulatedMachine machine, String kernels) {
    this(machine);
    check(load(resource(kernels)));
  }

  static void check(int status) {
    assertThat(status).isZero();
  }

  static byte[] resource(String name) {
    try (InputStream stream = TestDevice.class.getResourceAsStream(name)) {
      assertThat(stream).describedAs(name).isNotNull();
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long stream() {
    return stream;
  }

  /** Loads a module and returns the driver's status. */
  int load(byte[] ptx) {
    long[] loaded = new long[1];
    int status = driver.cuModuleLoadData(loaded, Arrays.copyOf(ptx, ptx.length + 1));
    module = loaded[0];
    return status;
  }

  long module() {
    return module;
  }

  long take(long bytes) {
    long[] address = new long[1];
    check(driver.cuMemAlloc_v2(address, bytes));
    return address[0];
  }

  long takeHost(long bytes) {
    long[] address = new long[1];
    check(driver.cuMemHostAlloc(address, bytes, 0));
    return address[0];
  }

  private long put(ByteBuffer bytes) {
    long device = take(bytes.capacity());
    write(device, bytes);
    return device;
  }

  private void write(long device, ByteBuffer bytes) {
    long host = takeHost(bytes.capacity());
    new Pointer(host).getByteBuffer(0, bytes.capacity()).put(bytes);
    check(driver.cuMemcpyHtoDAsync_v2(device, host, bytes.capacity(), stream));
    check(driver.cuStreamSynchronize(stream));
    check(driver.cuMemFreeHost(host));
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  long put(byte... values) {
    return put(ByteBuffer.wrap(values));
  }

  long put(int... values) {
    ByteBuffer bytes = buffer(4 * values.length);
    bytes.asIntBuffer().put(values);
    return put(bytes);
  }

  long put(long... values) {
    ByteBuffer bytes = buffer(8 * values.length);
    bytes.asLongBuffer().put(values);
    return put(bytes);
  }

  long put(float... values) {
    ByteBuffer bytes = buffer(4 * values.length);
    bytes.asFloatBuffer().put(values);
    return put(bytes);
  }

  long put(double... values) {
    ByteBuffer bytes = buffer(8 * values.length);
    bytes.asDoubleBuffer().put(values);
    return put(bytes);
  }

  long put(short... values) {
    ByteBuffer bytes = buffer(2 * values.length);
    bytes.asShortBuffer().put(values);
    return put(bytes);
  }

  /** Waits, and reads so many bytes. */
  ByteBuffer bytes(long address, int count) {
    long host = takeHost(count);
    check(driver.cuMemcpyDtoHAsync_v2(host, address, count, stream));
    check(driver.cuStreamSynchronize(stream));
    byte[] bytes = new Pointer(host).getByteArray(0, count);
    check(driver.cuMemFreeHost(host));
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  int[] ints(long address, int count) {
    int[] values = new int[count];
    bytes(address, 4 * count).asIntBuffer().get(values);
    return values;
  }

  long[] longs(long address, int count) {
    long[] values = new long[count];
    bytes(address, 8 * count).asLongBuffer().get(values);
    return values;
  }

  float[] floats(long address, int count) {
    float[] values = new float[count];
    bytes(address, 4 * count).asFloatBuffer().get(values);
    return values;
  }

  double[] doubles(long address, int count) {
    double[] values = new double[count];
    bytes(address, 8 * count).asDoubleBuffer().get(values);
    return values;
  }

  short[] shorts(long address, int count) {
    short[] values = new short[count];
    bytes(address, 2 * count).asShortBuffer().get(values);
    return values;
  }

  /** Queues a kernel and expects the driver to take it. */
  void launch(String kernel, int blocks, int threads, Object... arguments) {
    check(launchWithShared(kernel, blocks, threads, 0, arguments));
  }

  /** Queues a kernel and returns the driver's status. */
  int launchWithShared(
      String kernel, int blocks, int threads, int sharedBytes, Object... arguments) {
    long[] function = new long[1];
    byte[] name = (kernel + "\0").getBytes(StandardCharsets.US_ASCII);
    check(driver.cuModuleGetFunction(function, module, name));
    ByteBuffer packed = pack(arguments);
    Memory memory = new Memory(packed.position() + 8L);
    memory.setLong(0, packed.position());
    memory.getByteBuffer(8, packed.position()).put(packed.flip());
    long start = Pointer.nativeValue(memory);
    long[] extra = {Driver.ARGUMENTS_ADDRESS, start + 8, Driver.ARGUMENTS_SIZE, start, 0};
    int status =
        driver.cuLaunchKernel(
            function[0], blocks, 1, 1, threads, 1, 1, sharedBytes, stream, 0, extra);
    memory.clear();
    return status;
  }

  /** Arguments one after the other, each aligned to its size; bytes to 8. */
  private static ByteBuffer pack(Object... arguments) {
    ByteBuffer packed = buffer(256);
    for (Object argument : arguments) {
      int alignment = argument instanceof Integer || argument instanceof Float ? 4 : 8;
      packed.position((packed.position() + alignment - 1) / alignment * alignment);
      if (argument instanceof Integer value) {
        packed.putInt(value);
      } else if (argument instanceof Float value) {
        packed.putFloat(value);
      } else if (argument instanceof Long value) {
        packed.putLong(value);
      } else {
        packed.put((byte[]) argument);
      }
    }
    return packed;
  }
}
