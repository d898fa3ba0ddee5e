package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.image.PictureSource;
import java.util.Arrays;

/**
 * The examples of one shard on one executor: pictures of 8-bit pixels, or their files, on the heap
 * as far as the memory budget reaches and in one spill file beyond. Positions run from 0 to {@link
 * #size()} in the order of the listing, rejected examples left out.
 *
 * <p>Any number of threads may read. Closing gives the memory back and deletes the file.
 */
public final class Shard implements Examples, AutoCloseable {
  private final StoredShape store;
  private final Table table;
  private final PixelChunks pixels;
  private final ShardStatistics statistics;
  private final long bytes;
  private final long bytesInMemory;

  /**
   * What is known of every example.
   *
   * @param numbers to be learned of it; of no length where labels are classes
   * @param places of its pixels or of its file
   * @param bytes as many as its shape has where they are pixels, and fewer where they are a file
   */
  record Table(
      int[] labels,
      float[] weights,
      float[][] numbers,
      int[] ids,
      ImageShape[] shapes,
      long[] places,
      int[] bytes) {
    boolean isFile(int i) {
      return bytes[i] < shapes[i].size();
    }
  }

  /** Takes over everything that it is given. */
  Shard(StoredShape store, Table table, PixelChunks pixels, ShardStatistics statistics) {
    this.store = store;
    this.table = table;
    this.pixels = pixels;
    this.statistics = statistics;
    this.bytes = Arrays.stream(table.bytes).asLongStream().sum();
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
  public int numbersEach() {
    return table.numbers.length == 0 ? 0 : table.numbers[0].length;
  }

  @Override
  public float[] numbers(int i) {
    return table.numbers[i].clone();
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
    if (table.isFile(i)) {
      byte[] decoded = encoded(i).read().pixels();
      System.arraycopy(decoded, 0, target, offset, decoded.length);
    } else {
      pixels.read(table.places[i], target, offset, table.bytes[i]);
    }
  }

  @Override
  public PictureSource picture(int i) {
    return table.isFile(i) ? encoded(i) : new DecodedExample(pixels, table.places[i], shape(i));
  }

  private EncodedExample encoded(int i) {
    byte[] file = new byte[table.bytes[i]];
    pixels.read(table.places[i], file, 0, file.length);
    return new EncodedExample(file, table.shapes[i], store);
  }

  @Override
  public boolean isEncoded(int i) {
    return table.isFile(i);
  }

  @Override
  public ImageShape input() {
    return store.input();
  }

  /** Counts and sums over the shard. */
  public ShardStatistics statistics() {
    return statistics;
  }

  /** Bytes of all examples' pixels. */
  public long pixelBytes() {
    return statistics.pixels() * store.input().channels();
  }

  /** Bytes on the heap, taken from the memory budget. */
  public long bytesInMemory() {
    return bytesInMemory;
  }

  /** Bytes in the spill file. */
  public long bytesOnDisk() {
    return bytes - bytesInMemory;
  }

  /** Gives the memory back to the budget and deletes the spill file; later calls do nothing. */
  @Override
  public void close() {
    pixels.close();
  }
}
