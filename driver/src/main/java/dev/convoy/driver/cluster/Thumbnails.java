package dev.convoy.driver.cluster;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.image.CropBox;
import dev.convoy.data.image.Resampling;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.source.Listing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Brings a few images to the driver, to be looked at as a network sees them. Those that are larger
 * than {@link #MAX_SIDE} are made smaller where they are, so that neither their number nor their
 * size reaches the driver. Driver only.
 */
public final class Thumbnails {
  /** How many may be asked for at once. */
  public static final int MAX_IMAGES = 100;

  /** The longest side that comes back, in pixels. */
  public static final int MAX_SIDE = 128;

  private Thumbnails() {}

  /**
   * Fetches images.
   *
   * @param ids of different images, at most {@link #MAX_IMAGES}
   * @return in the order of the ids; those that could not be read, or are not among the images, are
   *     left out
   * @throws IllegalArgumentException if they are too many
   */
  public static List<Thumbnail> of(ShardedImages images, List<Integer> ids) {
    if (ids.size() > MAX_IMAGES) {
      throw new IllegalArgumentException(
          "Cannot fetch images: expected at most " + MAX_IMAGES + ", found " + ids.size());
    }
    ImageShape shape = fitted(images.shape(), MAX_SIDE);
    Map<Integer, Integer> wanted = new HashMap<>();
    ids.forEach(id -> wanted.put(id, wanted.size()));
    String[] locations = new String[ids.size()];
    List<Integer> shards = locate(images.listings(), wanted, locations);
    Thumbnail[] found = new Thumbnail[ids.size()];
    ShardLoader loader = images.loader();
    Jobs.run(
        images.places(),
        shard -> fetch(loader.load(shard), wanted, shape),
        byte[][].class,
        shards,
        (shard, values) -> {
          for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
              found[i] = new Thumbnail(ids.get(i), locations[i], new Picture(shape, values[i]));
            }
          }
        });
    return IntStream.range(0, found.length)
        .mapToObj(i -> found[i])
        .filter(Objects::nonNull)
        .toList();
  }

  /** Finds where images come from; returns the shards that list any. */
  private static List<Integer> locate(
      List<Listing> listings, Map<Integer, Integer> wanted, String[] locations) {
    List<Integer> shards = new ArrayList<>();
    for (int shard = 0; shard < listings.size(); shard++) {
      Listing listing = listings.get(shard);
      boolean any = false;
      for (int i = 0; i < listing.size(); i++) {
        Integer place = wanted.get(listing.id(i));
        if (place != null) {
          locations[place] = listing.location(i);
          any = true;
        }
      }
      if (any) {
        shards.add(shard);
      }
    }
    return shards;
  }

  /** The same proportions with no side beyond a number of pixels. */
  static ImageShape fitted(ImageShape shape, int maxSide) {
    int longest = Math.max(shape.height(), shape.width());
    if (longest <= maxSide) {
      return shape;
    }
    double scale = (double) maxSide / longest;
    return new ImageShape(
        Math.max(1, (int) Math.round(scale * shape.height())),
        Math.max(1, (int) Math.round(scale * shape.width())),
        shape.channels());
  }

  /** One entry for each wanted image; null for those of other shards. */
  private static byte[][] fetch(Shard images, Map<Integer, Integer> wanted, ImageShape fitted) {
    byte[][] found = new byte[wanted.size()][];
    for (int i = 0; i < images.size(); i++) {
      Integer place = wanted.get(images.id(i));
      if (place != null) {
        byte[] pixels = new byte[images.shape(i).size()];
        images.pixels(i, pixels, 0);
        Picture picture = new Picture(images.shape(i), pixels);
        CropBox seen = CropBox.covering(picture.shape(), images.input());
        found[place] = Resampling.crop(picture, seen, fitted).pixels();
      }
    }
    return found;
  }
}
