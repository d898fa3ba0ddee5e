package dev.convoy.data.format;

import java.io.IOException;
import java.util.function.UnaryOperator;

/** A container whose records are pixels of one size, one after the other. */
final class RecordContainer implements Containers.Container {
  private final RecordStream stream;
  private final long start;
  private final byte[] record;
  private final UnaryOperator<byte[]> toPixels;
  private int current = -1;
  private byte[] pixels;

  /**
   * Takes over the stream.
   *
   * @param start offset of the first record
   * @param record a buffer as long as one record
   * @param toPixels from the buffer to pixels in the run's shape
   */
  RecordContainer(RecordStream stream, long start, byte[] record, UnaryOperator<byte[]> toPixels) {
    this.stream = stream;
    this.start = start;
    this.record = record;
    this.toPixels = toPixels;
  }

  @Override
  public byte[] pixels(int index) throws IOException {
    if (index != current) {
      stream.moveTo(start + (long) index * record.length);
      stream.readFully(record);
      pixels = toPixels.apply(record);
      current = index;
    }
    return pixels;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
