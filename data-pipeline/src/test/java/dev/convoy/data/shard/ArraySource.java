package dev.convoy.data.shard;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A source for tests. The pixels of an example follow from its record number, its label is the
 * record number modulo {@link #CLASSES}.
 */
public final class ArraySource implements ImageSource {
  /** How many classes there are. */
  public static final int CLASSES = 3;

  private final int examples;
  private final ImageShape shape;

  /** A source of {@code examples} examples. */
  public ArraySource(int examples, ImageShape shape) {
    this.examples = examples;
    this.shape = shape;
  }

  /** All of a source's examples in one shard. */
  public static Shard shard(int examples, ImageShape shape, MemoryBudget budget, Path scratch)
      throws Exception {
    ArraySource source = new ArraySource(examples, shape);
    return ShardPacker.pack(
        source.list().listing(), CLASSES, StoredShape.resized(shape), source, budget, scratch);
  }

  /** The pixels of record {@code record}. */
  public static byte[] pixels(int record, ImageShape shape) {
    byte[] pixels = new byte[shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (record * 31 + i * 7 + (record >> 8));
    }
    return pixels;
  }

  @Override
  public ListedImages list() {
    int[] records = new int[examples];
    Arrays.setAll(records, i -> i);
    int[] labels = Arrays.stream(records).map(record -> record % CLASSES).toArray();
    return new ListedImages(
        List.of("a", "b", "c"),
        Listing.of(new String[] {"array"}, new int[examples], records, labels));
  }

  @Override
  public void read(Listing part, ExampleSink sink) {
    for (int i = 0; i < part.size(); i++) {
      sink.accept(i, new Picture(shape, pixels(part.record(i), shape)));
    }
  }
}
