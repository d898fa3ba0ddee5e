package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;

/**
 * The decoded examples of one shard on one executor: pictures of 8-bit pixels, on the heap as far
 * as the memory budget reaches and in one spill file beyond. Positions run from 0 to {@link
 * #size()} in the order of the listing, rejected examples left out.
 *
 * <p>Any number of threads may read. Closing gives the memory back and deletes the file.
 */
public final class Shard implements Examples, AutoCloseable {
  private final ImageShape input;
  private final Table table;
  private final PixelChunks pixels;
  private final ShardStatistics statistics;
  private final long bytes;
  private final long bytesInMemory;

  /**
   * What is known of every example.
   *
   * @param places of its pixels
   */
  record Table(int[] labels, float[] weights, int[] ids, ImageShape[] shapes, long[] places) {}

  /** Takes over everything that it is given. */
  Shard(ImageShape input, Table table, PixelChunks pixels, ShardStatistics statistics) {
    this.input = input;
    this.table = table;
    this.pixels = pixels;
    this.statistics = statistics;
    this.bytes = statistics.pixels() * input.channels();
    this.bytesInMemory = pixels.bytesInMemory();
  }

  @Override
  public int size() {
    return table.labels.length;
  }

  @Override
  public int label(int i) {
    return table.labels[i];
  }

  @Override
  public float weight(int i) {
    return table.weights[i];
  }

  @Override
  public int id(int i) {
    return table.ids[i];
  }

  @Override
  public int copy(int i) {
    return 0;
  }

  @Override
  public ImageShape shape(int i) {
    return table.shapes[i];
  }

  @Override
  public void pixels(int i, byte[] target, int offset) {
    pixels.read(table.places[i], target, offset, table.shapes[i].size());
  }

  @Override
  public ImageShape input() {
    return input;
  }

  /** Counts and sums over the shard. */
  public ShardStatistics statistics() {
    return statistics;
  }

  /** Bytes of pixels on the heap, taken from the memory budget. */
  public long bytesInMemory() {
    return bytesInMemory;
  }

  /** Bytes of pixels in the spill file. */
  public long bytesOnDisk() {
    return bytes - bytesInMemory;
  }

  /** Gives the memory back to the budget and deletes the spill file; later calls do nothing. */
  @Override
  public void close() {
    pixels.close();
  }
}
