package dev.convoy.driver.cluster;

import dev.convoy.data.format.ShardManifest.Part;
import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.data.source.Quarantined;
import java.util.List;

/**
 * What a task has made of one shard: a file that is staged, or the one that was there before, or
 * none if no image could be read. A plain class, because it crosses the wire.
 */
final class PreparedPart {
  /** Nothing to do: the part that was there before is whole. */
  static final PreparedPart KEPT = new PreparedPart("", 0, 0, null);

  /** The name of the file that was written; empty for none. */
  final String staged;

  private final long bytes;
  private final int checksum;
  private final ShardStatistics statistics;

  PreparedPart(String staged, long bytes, int checksum, ShardStatistics statistics) {
    this.staged = staged;
    this.bytes = bytes;
    this.checksum = checksum;
    this.statistics = statistics;
  }

  boolean isKept() {
    return statistics == null;
  }

  /** As the manifest names it. */
  Part part(String name) {
    return Part.of(name, bytes, checksum, statistics);
  }

  List<Quarantined> quarantined() {
    return statistics.quarantined();
  }
}
