package dev.convoy.data.shard;

import dev.convoy.data.Cancellation;
import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads one part of a listing into a {@link Shard}. Executors only. */
public final class ShardPacker implements ExampleSink {
  private final Listing part;
  private final int classCount;
  private final StoredShape store;
  private final StoredForm form;
  private final PixelChunks chunks;
  private final ShardStatistics.Collector statistics;
  private final int[] labels;
  private final float[] weights;
  private final float[][] numbers;
  private final int[] ids;
  private final ImageShape[] shapes;
  private final long[] places;
  private final int[] bytes;
  private int nextPosition;
  private int kept;

  private ShardPacker(
      Listing part, int classCount, StoredShape store, StoredForm form, PixelChunks chunks) {
    this.part = part;
    this.classCount = classCount;
    this.store = store;
    this.form = form;
    this.chunks = chunks;
    statistics = new ShardStatistics.Collector(classCount, store);
    labels = new int[part.size()];
    weights = new float[part.size()];
    numbers = new float[part.size()][];
    ids = new int[part.size()];
    shapes = new ImageShape[part.size()];
    places = new long[part.size()];
    bytes = new int[part.size()];
  }

  /**
   * Decodes every example of {@code part} once, in its order, and keeps the pixels. Examples that
   * the source rejects are left out and named in the statistics.
   *
   * @param classCount labels are below this
   * @param store the shapes that the source gives
   * @param budget gives room on the heap; what it refuses goes to one file
   * @param scratchDirectory a local directory for that file, created if missing
   * @throws dev.convoy.data.DataException when the source's data is broken
   * @throws java.util.concurrent.CancellationException when the process is ending
   * @throws IOException when the source or the spill file fails; nothing stays reserved then
   */
  public static Shard pack(
      Listing part,
      int classCount,
      StoredShape store,
      ImageSource source,
      MemoryBudget budget,
      Path scratchDirectory)
      throws IOException {
    return pack(part, classCount, store, StoredForm.DECODED, source, budget, scratchDirectory);
  }

  /**
   * The same, with examples kept in a form. Each is decoded once here in any case, so that a
   * damaged file is found, and for the statistics.
   */
  public static Shard pack(
      Listing part,
      int classCount,
      StoredShape store,
      StoredForm form,
      ImageSource source,
      MemoryBudget budget,
      Path scratchDirectory)
      throws IOException {
    PixelChunks chunks = new PixelChunks(budget, scratchDirectory);
    boolean finished = false;
    try {
      ShardPacker packer = new ShardPacker(part, classCount, store, form, chunks);
      source.read(part, packer);
      Shard shard = packer.finish();
      finished = true;
      return shard;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      if (!finished) {
        chunks.close();
      }
    }
  }

  @Override
  public void accept(int position, Picture picture) {
    accept(position, picture, picture.pixels());
  }

  @Override
  public void accept(int position, Picture picture, byte[] file) {
    requireNext(position);
    int label = part.label(position);
    if (label >= classCount || !store.fits(picture.shape())) {
      throw new IllegalStateException(
          "Cannot pack an example: expected a label below "
              + classCount
              + " and a picture of "
              + store
              + ", found label "
              + label
              + " and "
              + picture.shape()
              + ", in "
              + part.location(position)
              + ".");
    }
    labels[kept] = label;
    weights[kept] = part.weight(position);
    numbers[kept] = part.numbers(position);
    ids[kept] = part.id(position);
    shapes[kept] = picture.shape();
    boolean asFile = form == StoredForm.ENCODED && file.length < picture.pixels().length;
    byte[] content = asFile ? file : picture.pixels();
    bytes[kept] = content.length;
    places[kept] = chunks.add(content, part.size() - position);
    kept++;
    statistics.accept(part.id(position), label, picture);
  }

  @Override
  public void reject(int position, String reason) {
    requireNext(position);
    statistics.reject(part.id(position), part.location(position), reason);
  }

  private Shard finish() {
    if (nextPosition != part.size()) {
      throw new IllegalStateException(
          "Cannot pack a shard: expected "
              + part.size()
              + " examples from its source, found "
              + nextPosition
              + ".");
    }
    chunks.finish();
    return new Shard(
        store,
        new Shard.Table(
            Arrays.copyOf(labels, kept),
            Arrays.copyOf(weights, kept),
            Arrays.copyOf(numbers, kept),
            Arrays.copyOf(ids, kept),
            Arrays.copyOf(shapes, kept),
            Arrays.copyOf(places, kept),
            Arrays.copyOf(bytes, kept)),
        chunks,
        statistics.finish());
  }

  private void requireNext(int position) {
    Cancellation.check();
    if (position != nextPosition) {
      throw new IllegalStateException(
          "Cannot pack a shard: expected example "
              + nextPosition
              + " from its source, found "
              + position
              + ".");
    }
    nextPosition++;
  }
}
