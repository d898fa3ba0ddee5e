package dev.convoy.driver.cluster;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.data.format.FileVersions;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Quarantined;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.driver.configuration.RunConfiguration;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.util.LongAccumulator;

/**
 * Finds or packs a shard on whichever executor asks. Travels in closures.
 *
 * @param source of the images
 * @param classes how many there are
 * @param storage of the images on executors
 * @param listings of every shard
 * @param place where shards are kept; null if each is {@linkplain #loadAlone loaded alone}
 * @param keep shards that an executor keeps
 * @param contents of every shard when it was first packed; null before that
 */
record ShardLoader(
    SourceSettings source,
    int classes,
    RunConfiguration.Storage storage,
    Broadcast<Listing[]> listings,
    Place place,
    int keep,
    long[] contents)
    implements Serializable {
  /** Shards that an executor keeps, as a multiple of its share: some took over from others. */
  private static final int SHARES_KEPT = 2;

  /**
   * Where shards are kept.
   *
   * @param owner of the shards
   * @param rdd that tells Spark where each shard is
   */
  record Place(long owner, int rdd) implements Serializable {}

  /** A loader of shards that are not kept. */
  ShardLoader(
      RunConfiguration configuration,
      Role role,
      String location,
      int classes,
      Broadcast<Listing[]> listings) {
    this(
        ImageLocations.settings(configuration.data(), role, location),
        classes,
        configuration.data().storage(),
        listings,
        null,
        0,
        null);
  }

  /**
   * The same for shards that are kept, on so many executors that none comes to keep all of them.
   * Driver only.
   *
   * @param executors at least 1
   */
  ShardLoader keptAt(Place there, int executors) {
    int shards = listings.value().length;
    int share = (shards + executors - 1) / executors;
    return new ShardLoader(
        source, classes, storage, listings, there, Math.max(1, SHARES_KEPT * share), contents);
  }

  /**
   * The same for shards that were packed before: one that comes out differently is refused. Driver
   * only.
   *
   * @param statistics of every shard
   */
  ShardLoader expecting(ShardStatistics[] statistics) {
    long[] packed = Arrays.stream(statistics).mapToLong(ShardStatistics::content).toArray();
    return new ShardLoader(source, classes, storage, listings, place, keep, packed);
  }

  /**
   * The shard that the executor keeps, packed if it does not; it is open until the task ends.
   *
   * @throws DataException if its images are not what they were when it was packed first
   */
  Shard load(int index) throws IOException {
    return load(index, UnaryOperator.identity());
  }

  /** The same, and counts the images that are read for it. */
  Shard load(int index, LongAccumulator counter) throws IOException {
    return load(index, source -> ImageCounter.counted(source, counter));
  }

  private Shard load(int index, UnaryOperator<ImageSource> observed) throws IOException {
    Shard shard = kept(index, observed);
    if (contents != null && shard.statistics().content() != contents[index]) {
      throw changed(listings.value()[index], shard.statistics());
    }
    return shard;
  }

  private DataException changed(Listing listing, ShardStatistics statistics) {
    List<String> files = FileVersions.changed(listing, ImageLocations.hadoop());
    List<String> unreadable = statistics.quarantined().stream().map(Quarantined::path).toList();
    return new DataException(
        "Cannot go on: expected images that stay as they are while a run lasts, found others when"
            + " %d of them were read again, in %s%s%s. Restore them and give the same command"
            + " again, or begin anew with --overwrite.",
        listing.size(),
        source.location(),
        files.isEmpty() ? "" : "; changed since they were listed: " + Text.firstFew(files),
        unreadable.isEmpty() ? "" : "; unreadable: " + Text.firstFew(unreadable));
  }

  private Shard kept(int index, UnaryOperator<ImageSource> observed) throws IOException {
    return ExecutorState.get()
        .shard(
            new ShardCache.Key(place.owner(), index),
            keep,
            storage.memoryFraction(),
            new ShardCache.Source() {
              @Override
              public Shard pack(MemoryBudget budget) throws IOException {
                return ShardLoader.this.pack(index, budget, observed);
              }

              @Override
              public void evicted() {
                forget(index);
              }
            });
  }

  /** Packs a shard for one caller, who closes it, and counts the images that are read for it. */
  Shard loadAlone(int index, LongAccumulator counter) throws IOException {
    return pack(
        index,
        ExecutorState.get().budget(storage.memoryFraction()),
        source -> ImageCounter.counted(source, counter));
  }

  /** Spark then sends the shard's tasks to where it still is. */
  private void forget(int index) {
    SparkEnv.get().blockManager().removeBlock(new RDDBlockId(place.rdd(), index), true);
  }

  private Shard pack(int index, MemoryBudget budget, UnaryOperator<ImageSource> observed)
      throws IOException {
    return ShardPacker.pack(
        listings.value()[index],
        classes,
        source.store(),
        storage.form(),
        observed.apply(ImageSources.open(source, ImageLocations.hadoop())),
        budget,
        Jobs.scratch());
  }
}
