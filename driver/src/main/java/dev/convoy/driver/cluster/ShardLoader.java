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
import org.apache.spark.SparkFiles;
import org.apache.spark.broadcast.Broadcast;

/** Finds or packs a shard on whichever executor asks. Travels in closures. */
final class ShardLoader implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String configurationText;
  private final String role;
  private final String location;
  private final String key;
  private final int classes;
  private final double memoryFraction;
  private final Broadcast<Listing[]> listings;

  ShardLoader(
      RunConfiguration configuration,
      Role role,
      String location,
      String key,
      int classes,
      Broadcast<Listing[]> listings) {
    this.configurationText = configuration.text().full();
    this.role = role.name();
    this.location = location;
    this.key = key;
    this.classes = classes;
    this.memoryFraction = configuration.data().memoryFraction();
    this.listings = listings;
  }

  Shard load(int index) throws IOException {
    return ExecutorState.get()
        .shard(key + "/" + index, memoryFraction, budget -> pack(index, budget));
  }

  /** Packs a shard that nobody else asks for; to be closed by the caller. */
  Shard loadAlone(int index) throws IOException {
    return pack(index, ExecutorState.get().budget(memoryFraction));
  }

  /** Where temporary files of the application lie, on this executor or on the driver. */
  static Path scratch() {
    return Path.of(SparkFiles.getRootDirectory());
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
