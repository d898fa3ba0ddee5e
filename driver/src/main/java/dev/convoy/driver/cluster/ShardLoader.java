package dev.convoy.driver.cluster;

import dev.convoy.data.format.ImageSources;
import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.shard.ShardPacker;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.RDDBlockId;

/** Finds or packs a shard on whichever executor asks. Travels in closures. */
final class ShardLoader implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Shards that an executor keeps, as a multiple of its share: some took over from others. */
  private static final int SHARES_KEPT = 2;

  private final String configurationText;
  private final String role;
  private final String location;
  private final Place place;
  private final int keep;
  private final int classes;
  private final double memoryFraction;
  private final Broadcast<Listing[]> listings;

  /**
   * Where shards are kept.
   *
   * @param owner of the shards
   * @param rdd that tells Spark where each shard is
   */
  record Place(long owner, int rdd) implements Serializable {}

  /** A loader of shards that are not kept, each {@link #loadAlone}. */
  ShardLoader(
      RunConfiguration configuration,
      Role role,
      String location,
      int classes,
      Broadcast<Listing[]> listings) {
    this.configurationText = configuration.text().full();
    this.role = role.name();
    this.location = location;
    this.place = null;
    this.keep = 0;
    this.classes = classes;
    this.memoryFraction = configuration.data().memoryFraction();
    this.listings = listings;
  }

  private ShardLoader(ShardLoader other, Place place, int keep) {
    this.configurationText = other.configurationText;
    this.role = other.role;
    this.location = other.location;
    this.place = place;
    this.classes = other.classes;
    this.memoryFraction = other.memoryFraction;
    this.listings = other.listings;
    this.keep = keep;
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
    return new ShardLoader(this, there, Math.max(1, SHARES_KEPT * share));
  }

  /** The shard that the executor keeps; it is open until the task ends. */
  Shard load(int index) throws IOException {
    return ExecutorState.get()
        .shard(
            new ShardCache.Key(place.owner(), index),
            keep,
            memoryFraction,
            new ShardCache.Source() {
              @Override
              public Shard pack(MemoryBudget budget) throws IOException {
                return ShardLoader.this.pack(index, budget);
              }

              @Override
              public void evicted() {
                forget(index);
              }
            });
  }

  /** Packs a shard that nobody else asks for; to be closed by the caller. */
  Shard loadAlone(int index) throws IOException {
    return pack(index, ExecutorState.get().budget(memoryFraction));
  }

  /** Where temporary files of the application lie, on this executor or on the driver. */
  static Path scratch() {
    return Path.of(SparkFiles.getRootDirectory());
  }

  /** Spark then sends the shard's tasks to where it still is. */
  private void forget(int index) {
    SparkEnv.get().blockManager().removeBlock(new RDDBlockId(place.rdd(), index), true);
  }

  private Shard pack(int index, MemoryBudget budget) throws IOException {
    RunConfiguration.Data data = ConfigurationReader.readEffective(configurationText).data();
    return ShardPacker.pack(
        listings.value()[index],
        classes,
        data.shape(),
        ImageSources.open(
            ImageLocations.settings(data, Role.valueOf(role), location), ImageLocations.hadoop()),
        budget,
        scratch());
  }
}
