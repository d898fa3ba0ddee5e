package dev.convoy.driver.cluster;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Text;
import dev.convoy.data.shard.Selection;
import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;

/**
 * Images decoded once and kept on executors, in shards. The driver holds where they came from and
 * their statistics, never a pixel.
 *
 * <p>A cached RDD with one number per shard tells Spark's scheduler where a shard lives. Should
 * that executor be lost, whichever task runs next packs the shard again from its listing.
 */
public final class ShardedImages implements AutoCloseable {
  private final SparkCluster cluster;
  private final ImageShape shape;
  private final long owner;
  private final Broadcast<Listing[]> listings;
  private ShardLoader loader;
  private final JavaRDD<Integer> places;
  private final ShardStatistics[] statistics;

  private ShardedImages(
      SparkCluster cluster,
      RunConfiguration configuration,
      Role role,
      String location,
      Listing[] parts,
      int classes) {
    this.cluster = cluster;
    this.shape = configuration.data().shape();
    this.owner = Owners.add();
    this.listings = cluster.context().broadcast(parts);
    this.places = cluster.numbers(parts.length).cache();
    this.loader = new ShardLoader(configuration, role, location, classes, listings);
    this.statistics = new ShardStatistics[parts.length];
  }

  /**
   * Reads and decodes every image on the executors; returns when all are packed.
   *
   * @param parts the listing of every shard
   * @param classes how many there are
   * @param progress is told while it lasts
   * @throws dev.convoy.data.DataException if a container of images is broken or gone
   */
  public static ShardedImages pack(
      SparkCluster cluster,
      RunConfiguration configuration,
      Role role,
      String location,
      Listing[] parts,
      int classes,
      Progress progress) {
    ShardedImages images =
        new ShardedImages(cluster, configuration, role, location, parts, classes);
    int listed = Arrays.stream(parts).mapToInt(Listing::size).sum();
    try {
      return ImageCounter.counting(
          cluster.context().sc(),
          "decoded",
          decoded ->
              progress.during(
                  Text.of(
                      "decoding and packing %s of %s into %s",
                      Text.count(listed, "image"),
                      location.isEmpty() ? "generated data" : location,
                      Text.count(parts.length, "shard")),
                  () -> Text.of("%,d of %s", decoded.count(), Text.count(listed, "image")),
                  () ->
                      cluster.describing(
                          Text.of(
                              "decoding %s into %s",
                              Text.count(listed, "image"), Text.count(parts.length, "shard")),
                          () -> images.pack(decoded.counter()))));
    } catch (RuntimeException e) {
      images.close();
      throw e;
    }
  }

  private ShardedImages pack(LongAccumulator counter) {
    ShardLoader unpacked = loader();
    Jobs.run(
        places,
        shard -> unpacked.load(shard, counter).statistics(),
        ShardStatistics.class,
        shards(shard -> true),
        (shard, result) -> statistics[shard] = result);
    loader = loader.expecting(statistics);
    return this;
  }

  /** Statistics of all shards together. */
  public ShardStatistics statistics() {
    return ShardStatistics.merge(Arrays.asList(statistics));
  }

  /** The shape of every image. */
  public ImageShape shape() {
    return shape;
  }

  /** How many images each shard holds. */
  public int[] sizes() {
    return Arrays.stream(statistics).mapToInt(ShardStatistics::examples).toArray();
  }

  /** What is listed in each shard, images that could not be read included. */
  public List<Listing> listings() {
    return List.of(listings.value());
  }

  /** The indices of the shards that have work to do. */
  List<Integer> shards(IntPredicate hasWork) {
    List<Integer> shards = new ArrayList<>();
    for (int shard = 0; shard < statistics.length; shard++) {
      if (hasWork.test(shard)) {
        shards.add(shard);
      }
    }
    return shards;
  }

  /** All of them, once each. */
  public ImageView view() {
    return ImageView.all(this);
  }

  /** Those that a selection takes; to be closed before these images are. */
  public ImageView view(Selection selection) {
    return ImageView.of(cluster, this, selection);
  }

  /** Finds shards on the executors that there are now. */
  ShardLoader loader() {
    return loader.keptAt(new ShardLoader.Place(owner, places.id()), cluster.executors());
  }

  /** One element for every shard, where the shard is. */
  JavaRDD<Integer> places() {
    return places;
  }

  /** Frees what executors keep, as far as they can still be reached. */
  @Override
  public void close() {
    Jobs.release(cluster, owner);
    Jobs.free(listings);
    Jobs.free(places);
  }
}
