package dev.convoy.worker.training;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A source for tests: noise, brighter in the part of the image that stands for the class. The
 * pixels of an example follow from its record number, its label is the record number modulo the
 * classes.
 */
public record NoisyImages(int examples, int classes, ImageShape shape) implements ImageSource {

  /** All examples in one shard. */
  public Shard shard() {
    return shard(0, examples);
  }

  /** The examples from {@code from} on to before {@code to} in one shard. */
  public Shard shard(int from, int to) {
    try {
      return ShardPacker.pack(
          list().listing().select(IntStream.range(from, to).toArray()),
          classes,
          StoredShape.resized(shape),
          this,
          new MemoryBudget(Integer.MAX_VALUE),
          Path.of("never-spilled"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public ListedImages list() {
    int[] records = IntStream.range(0, examples).toArray();
    return new ListedImages(
        IntStream.range(0, classes).mapToObj(label -> "class-" + label).toList(),
        Listing.of(
            new String[] {"noise"},
            new int[examples],
            records,
            Arrays.stream(records).map(record -> record % classes).toArray()));
  }

  @Override
  public void read(Listing part, ExampleSink sink) {
    for (int i = 0; i < part.size(); i++) {
      sink.accept(i, new Picture(shape, pixels(part.record(i))));
    }
  }

  private byte[] pixels(int record) {
    Random random = new Random(record);
    byte[] pixels = new byte[shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      int row = i % shape.planeSize() / shape.width();
      boolean bright = row * classes / shape.height() == record % classes;
      pixels[i] = (byte) (random.nextInt(160) + (bright ? 95 : 0));
    }
    return pixels;
  }
}
