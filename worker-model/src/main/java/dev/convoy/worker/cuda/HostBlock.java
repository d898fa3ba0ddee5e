package dev.convoy.worker.cuda;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory of the host that the device copies to and from by itself. */
final class HostBlock implements AutoCloseable {
  private final Device device;
  private final long address;
  private final ByteBuffer bytes;

  HostBlock(Device device, long address, long size) {
    this.device = device;
    this.address = address;
    this.bytes = new Pointer(address).getByteBuffer(0, size).order(ByteOrder.nativeOrder());
  }

  long address() {
    return address;
  }

  /** All of it, from its beginning; a new view of the same bytes. */
  ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.nativeOrder()).clear();
  }

  /** A part of it. */
  ByteBuffer bytes(long from, long length) {
    return bytes()
        .slice(Math.toIntExact(from), Math.toIntExact(length))
        .order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    device.freeHost(address);
  }
}
