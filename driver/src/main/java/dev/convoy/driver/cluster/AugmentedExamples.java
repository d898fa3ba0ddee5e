package dev.convoy.driver.cluster;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.image.Resampling;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.source.Listing;
import dev.convoy.driver.configuration.RunConfiguration;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a network sees of a few training images: without augmentation, and in each of the first
 * epochs. They are augmented where they are, by the code that trains. Driver only.
 */
public final class AugmentedExamples {
  /** The longest side that comes back, in pixels; what is larger is made smaller. */
  public static final int MAX_SIDE = 256;

  private AugmentedExamples() {}

  /**
   * One image.
   *
   * @param location where it comes from
   * @param label its class
   * @param pictures without augmentation, then one for each epoch
   */
  public record Example(String location, int label, List<Picture> pictures) {}

  /**
   * Augments all images, of which there are few.
   *
   * @param images in one shard, which makes one batch
   * @param classes how many there are
   * @param epochs how many times each is augmented
   */
  public static List<Example> of(
      RunConfiguration configuration, ShardedImages images, int classes, int epochs) {
    ImageShape shape = Thumbnails.fitted(images.shape(), MAX_SIDE);
    List<ComponentSettings> augmentations = new ArrayList<>(configuration.augmentations());
    long seed = configuration.seed();
    ShardLoader loader = images.loader();
    Listing listing = images.listings().get(0);
    List<Example> examples = new ArrayList<>();
    Jobs.run(
        images.places(),
        shard -> draw(loader.load(shard), augmentations, seed, classes, epochs, shape),
        byte[][].class,
        images.shards(shard -> true),
        (shard, rows) -> {
          for (byte[] row : rows) {
            examples.add(example(ByteBuffer.wrap(row), listing, shape));
          }
        });
    return examples;
  }

  /** For every image its id, then its pictures. */
  private static byte[][] draw(
      Shard shard,
      List<ComponentSettings> settings,
      long seed,
      int classes,
      int epochs,
      ImageShape shape) {
    ByteBuffer[] rows =
        IntStream.range(0, shard.size())
            .mapToObj(i -> ByteBuffer.allocate(Integer.BYTES + (epochs + 1) * shape.size()))
            .toArray(ByteBuffer[]::new);
    for (int i = 0; i < rows.length; i++) {
      rows[i].putInt(shard.id(i));
    }
    draw(shard, Augmentations.none(), seed, classes, 0, shape, rows);
    Augmentations augmentations = Augmentations.of(settings);
    for (int epoch = 0; epoch < epochs; epoch++) {
      draw(shard, augmentations, seed, classes, epoch, shape, rows);
    }
    return Arrays.stream(rows).map(ByteBuffer::array).toArray(byte[][]::new);
  }

  private static void draw(
      Shard shard,
      Augmentations augmentations,
      long seed,
      int classes,
      int epoch,
      ImageShape shape,
      ByteBuffer[] rows) {
    int size = shard.size();
    int[] order = IntStream.range(0, size).toArray();
    ShardTargets targets = ShardTargets.labels(classes);
    try (BatchPipeline pipeline =
        new BatchPipeline(
            shard, targets, order, 0, size, Math.max(1, size), augmentations, seed, epoch)) {
      Batch batch = pipeline.next();
      for (int i = 0; i < size; i++) {
        rows[i].put(Resampling.fit(batch.picture(i), shape).pixels());
      }
    }
  }

  private static Example example(ByteBuffer row, Listing listing, ImageShape shape) {
    int id = row.getInt();
    int position =
        IntStream.range(0, listing.size())
            .filter(i -> listing.id(i) == id)
            .findFirst()
            .orElseThrow();
    List<Picture> pictures = new ArrayList<>();
    while (row.hasRemaining()) {
      byte[] pixels = new byte[shape.size()];
      row.get(pixels);
      pictures.add(new Picture(shape, pixels));
    }
    return new Example(listing.location(position), listing.label(position), pictures);
  }
}
