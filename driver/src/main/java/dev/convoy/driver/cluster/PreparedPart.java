package dev.convoy.driver.cluster;

import dev.convoy.data.format.ShardManifest.Part;
import dev.convoy.data.format.ShardManifest.Quarantined;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a task has made of one shard: a file that is staged, or the one that was there before, or
 * none if no image could be read. A plain class, because it crosses the wire.
 */
final class PreparedPart {
  private final String staged;
  private final int examples;
  private final long bytes;
  private final int checksum;
  private final String[] rejectedLocations;
  private final String[] rejectedReasons;

  PreparedPart(
      String staged,
      int examples,
      long bytes,
      int checksum,
      String[] rejectedLocations,
      String[] rejectedReasons) {
    this.staged = staged;
    this.examples = examples;
    this.bytes = bytes;
    this.checksum = checksum;
    this.rejectedLocations = rejectedLocations;
    this.rejectedReasons = rejectedReasons;
  }

  /** Nothing to do: the part that was there before is whole. */
  static PreparedPart kept() {
    return new PreparedPart("", 0, 0, 0, new String[0], new String[0]);
  }

  boolean isKept() {
    return staged.isEmpty() && rejectedLocations.length == 0;
  }

  /** The name of the file that was written; empty for none. */
  String staged() {
    return staged;
  }

  /** As the manifest names it. */
  Part part(String name) {
    return new Part(name, examples, bytes, checksum, quarantined());
  }

  /** The images that could not be read. */
  List<Quarantined> quarantined() {
    return IntStream.range(0, rejectedLocations.length)
        .mapToObj(i -> new Quarantined(rejectedLocations[i], rejectedReasons[i]))
        .toList();
  }
}
