package dev.convoy.data.format;

import dev.convoy.data.Picture;
import java.io.IOException;
import java.util.function.Function;

/** A container whose records are pixels of one size, one after the other. */
final class RecordContainer implements Containers.Container {
  private final RecordStream stream;
  private final long start;
  private final byte[] record;
  private final Function<byte[], Picture> toPicture;
  private int current = -1;
  private Picture picture;

  /**
   * Takes over the stream.
   *
   * @param start offset of the first record
   * @param record a buffer as long as one record
   * @param toPicture from the buffer to a picture in the shape in which the run keeps it
   */
  RecordContainer(
      RecordStream stream, long start, byte[] record, Function<byte[], Picture> toPicture) {
    this.stream = stream;
    this.start = start;
    this.record = record;
    this.toPicture = toPicture;
  }

  @Override
  public Picture picture(int index) throws IOException {
    if (index != current) {
      stream.moveTo(start + (long) index * record.length);
      stream.readFully(record);
      picture = toPicture.apply(record);
      current = index;
    }
    return picture;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
