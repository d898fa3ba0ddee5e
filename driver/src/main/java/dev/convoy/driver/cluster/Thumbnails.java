package dev.convoy.driver.cluster;

import dev.convoy.data.ImageShape;
import dev.convoy.data.image.Resampling;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.source.Listing;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.Function2;

/**
 * Brings a few images to the driver, to be looked at. Those that are larger than {@link
 * #LONGEST_SIDE} are made smaller where they are, so that neither their number nor their size
 * reaches the driver. Driver only.
 */
public final class Thumbnails {
  /** How many may be asked for at once. */
  public static final int MOST = 100;

  /** The longest side that comes back, in pixels. */
  public static final int LONGEST_SIDE = 128;

  private Thumbnails() {}

  /**
   * Fetches images.
   *
   * @param ids of different images, at most {@link #MOST}
   * @return in the order of the ids; those that could not be read, or are not among the images, are
   *     left out
   * @throws IllegalArgumentException if they are too many
   */
  public static List<Thumbnail> of(ShardedImages images, List<Integer> ids) {
    if (ids.size() > MOST) {
      throw new IllegalArgumentException(
          "Cannot fetch images: expected at most " + MOST + ", found " + ids.size());
    }
    ImageShape shape = fitted(images.shape());
    Map<Integer, Integer> wanted = new HashMap<>();
    ids.forEach(id -> wanted.put(id, wanted.size()));
    String[] locations = new String[ids.size()];
    List<Integer> shards = locate(images.listings(), wanted, locations);
    Request request = new Request(wanted, shape.height(), shape.width());
    Thumbnail[] found = new Thumbnail[ids.size()];
    Jobs.run(
        images.places().mapPartitionsWithIndex(new Fetch(images.loader(), request), true),
        byte[][].class,
        shards,
        (shard, values) -> {
          for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
              found[i] = new Thumbnail(ids.get(i), locations[i], shape, values[i]);
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

  /** The same proportions with no side beyond {@link #LONGEST_SIDE}. */
  static ImageShape fitted(ImageShape shape) {
    int longest = Math.max(shape.height(), shape.width());
    if (longest <= LONGEST_SIDE) {
      return shape;
    }
    double scale = (double) LONGEST_SIDE / longest;
    return new ImageShape(
        Math.max(1, (int) Math.round(scale * shape.height())),
        Math.max(1, (int) Math.round(scale * shape.width())),
        shape.channels());
  }

  /**
   * What is asked for. Travels in closures.
   *
   * @param places ids and their places in the answer
   * @param height of the answer's images, in pixels
   * @param width of the answer's images, in pixels
   */
  private record Request(Map<Integer, Integer> places, int height, int width)
      implements Serializable {}

  private record Fetch(ShardLoader loader, Request request)
      implements Function2<Integer, Iterator<Integer>, Iterator<byte[][]>> {
    /** One entry for each image that was asked for; null for those of other shards. */
    @Override
    public Iterator<byte[][]> call(Integer shard, Iterator<Integer> places) throws Exception {
      Shard images = loader.load(ShardedImages.drain(shard, places));
      byte[][] found = new byte[request.places().size()][];
      for (int i = 0; i < images.size(); i++) {
        Integer place = request.places().get(images.id(i));
        if (place != null) {
          found[place] = fetch(images, i);
        }
      }
      return List.<byte[][]>of(found).iterator();
    }

    private byte[] fetch(Shard images, int position) {
      ImageShape shape = images.shape();
      byte[] values = new byte[shape.size()];
      images.pixels(position, values, 0);
      ImageShape smaller = new ImageShape(request.height(), request.width(), shape.channels());
      return shape.equals(smaller)
          ? values
          : new Resampling(shape.height(), shape.width(), shape.channels(), smaller).apply(values);
    }
  }
}
