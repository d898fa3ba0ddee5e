package dev.convoy.worker.cuda;

import java.nio.FloatBuffer;

/**
 * A network's parameters and their gradient on a device, in float32, and copies in the type that is
 * computed with, where that is another.
 */
final class NetworkVectors implements AutoCloseable {
  private final Device device;
  private final ParameterLayout layout;
  private final ValueFormat type;
  private final long values;
  private final long gradients;
  private final long halvedValues;
  private final long halvedGradients;
  private final HostBlock staging;

  /** Takes the memory of vectors of zeros. */
  NetworkVectors(Device device, ParameterLayout layout, ValueFormat type) {
    this.device = device;
    this.layout = layout;
    this.type = type;
    values = zeros(layout.length() * Float.BYTES);
    gradients = zeros(layout.length() * Float.BYTES);
    boolean halved = type == ValueFormat.BFLOAT16;
    halvedValues = halved ? zeros(layout.length() * Short.BYTES) : 0;
    halvedGradients = halved ? zeros(layout.filterValues() * Short.BYTES) : 0;
    staging = device.hostBlock(layout.length() * Float.BYTES);
  }

  private long zeros(long bytes) {
    long address = device.allocate(bytes);
    device.clear(address, Math.max(1, bytes));
    return address;
  }

  ParameterLayout layout() {
    return layout;
  }

  /** The beginning of the parameters in float32. */
  long values() {
    return values;
  }

  /** The beginning of the gradient in float32. */
  long gradients() {
    return gradients;
  }

  /** A parameter in float32. */
  Address value(String layer, String parameter) {
    return place(values, Float.BYTES, layer, parameter);
  }

  /** A parameter in the type that is computed with. */
  Address operand(String layer, String parameter) {
    return type == ValueFormat.FLOAT32
        ? value(layer, parameter)
        : place(halvedValues, Short.BYTES, layer, parameter);
  }

  /** A parameter's gradient in float32. */
  Address gradient(String layer, String parameter) {
    return place(gradients, Float.BYTES, layer, parameter);
  }

  /** Where a convolution leaves the gradient of its filters. */
  Address filterGradient(String layer, String parameter) {
    return type == ValueFormat.FLOAT32
        ? gradient(layer, parameter)
        : place(halvedGradients, Short.BYTES, layer, parameter);
  }

  private Address place(long vector, int bytes, String layer, String parameter) {
    long place = vector + layout.place(layer, parameter) * bytes;
    return () -> place;
  }

  /** Queues what makes the copies of the parameters. */
  void halve() {
    if (type == ValueFormat.BFLOAT16) {
      int length = Math.toIntExact(layout.length());
      device.launch("to_bf16", Grid.of(length), values, halvedValues, length);
    }
  }

  /** Queues what makes the gradient of the filters float32. */
  void gatherGradients() {
    int length = Math.toIntExact(layout.filterValues());
    if (type == ValueFormat.BFLOAT16 && length > 0) {
      device.launch("to_f32", Grid.of(length), halvedGradients, gradients, length);
    }
  }

  /** Replaces a vector on the device by one in the network's order. */
  void upload(float[] flat, long address) {
    device.synchronize();
    layout.toDevice(flat, floats());
    device.upload(staging, 0, address, layout.length() * Float.BYTES);
    device.synchronize();
  }

  /** Copies a vector of the device into one in the network's order. */
  void download(long address, float[] flat) {
    device.download(address, staging, 0, layout.length() * Float.BYTES);
    device.synchronize();
    layout.fromDevice(floats(), flat);
  }

  private FloatBuffer floats() {
    return staging.bytes().asFloatBuffer();
  }

  @Override
  public void close() {
    device.free(values);
    device.free(gradients);
    if (type == ValueFormat.BFLOAT16) {
      device.free(halvedValues);
      device.free(halvedGradients);
    }
    staging.close();
  }
}
