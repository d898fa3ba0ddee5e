package dev.convoy.data.shard;

import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.Text;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.source.Quarantined;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * What is known of a shard after packing: counts and exact integer sums, so that merging shards in
 * any order gives the same totals. Pixel sums are over 8-bit values, per channel.
 *
 * <p>Immutable; accessors of arrays return copies. A plain class, not a record, so that Kryo's
 * field serializer can carry it.
 */
public final class ShardStatistics {
  /** Stands for label and pixels of an example that has none. */
  private static final long REJECTED = -1;

  private final int examples;
  private final long pixels;
  private final long fingerprint;
  private final long content;
  private final long[] classCounts;
  private final long[] channelSums;
  private final long[] channelSquareSums;
  private final String[] rejectedLocations;
  private final String[] rejectedReasons;

  private ShardStatistics(
      int examples,
      long pixels,
      long fingerprint,
      long content,
      long[] classCounts,
      long[] channelSums,
      long[] channelSquareSums,
      String[] rejectedLocations,
      String[] rejectedReasons) {
    this.examples = examples;
    this.pixels = pixels;
    this.fingerprint = fingerprint;
    this.content = content;
    this.classCounts = classCounts;
    this.channelSums = channelSums;
    this.channelSquareSums = channelSquareSums;
    this.rejectedLocations = rejectedLocations;
    this.rejectedReasons = rejectedReasons;
  }

  /**
   * The totals of several shards. Rejected examples are sorted by location and reason.
   *
   * @throws IllegalArgumentException when there is nothing to merge, or classes or channels differ
   */
  public static ShardStatistics merge(List<ShardStatistics> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot merge shard statistics: expected at least one shard, found none.");
    }
    int examples = 0;
    long pixels = 0;
    long fingerprint = 0;
    long content = 0;
    long[] classCounts = new long[parts.get(0).classCounts.length];
    long[] channelSums = new long[parts.get(0).channelSums.length];
    long[] channelSquareSums = new long[channelSums.length];
    for (ShardStatistics part : parts) {
      examples = Math.addExact(examples, part.examples);
      pixels += part.pixels;
      fingerprint += part.fingerprint;
      content += part.content;
      addTo(classCounts, part.classCounts, "classes");
      addTo(channelSums, part.channelSums, "channels");
      addTo(channelSquareSums, part.channelSquareSums, "channels");
    }
    List<Quarantined> rejected =
        parts.stream()
            .flatMap(part -> part.quarantined().stream())
            .sorted(Comparator.comparing(Quarantined::path).thenComparing(Quarantined::reason))
            .toList();
    return new ShardStatistics(
        examples,
        pixels,
        fingerprint,
        content,
        classCounts,
        channelSums,
        channelSquareSums,
        rejected.stream().map(Quarantined::path).toArray(String[]::new),
        rejected.stream().map(Quarantined::reason).toArray(String[]::new));
  }

  /** Examples in the shard, rejected ones not counted. */
  public int examples() {
    return examples;
  }

  /** Height × width of all pictures together. */
  public long pixels() {
    return pixels;
  }

  /** The wrapping sum of {@link KeyedRandom#mix}(id + 1) over the shard's examples. */
  public long fingerprint() {
    return fingerprint;
  }

  /**
   * Identifies what was packed: the wrapping sum, over all examples, of a hash of its id, its label
   * and its pixels, or of its id alone if it was rejected. Shards of the same examples have the
   * same sum, however they are dealt.
   */
  public long content() {
    return content;
  }

  /** Examples per class. */
  public long[] classCounts() {
    return classCounts.clone();
  }

  /** The sums over all pixels. */
  public ChannelSums channels() {
    return new ChannelSums(
        pixels,
        Arrays.stream(channelSums).boxed().toList(),
        Arrays.stream(channelSquareSums).boxed().toList());
  }

  /** The examples that could not be read. */
  public List<Quarantined> quarantined() {
    return IntStream.range(0, rejectedLocations.length)
        .mapToObj(i -> new Quarantined(rejectedLocations[i], rejectedReasons[i]))
        .toList();
  }

  private static void addTo(long[] total, long[] part, String what) {
    if (part.length != total.length) {
      throw new IllegalArgumentException(
          Text.of(
              "Cannot merge shard statistics: expected %d %s, found %d.",
              total.length, what, part.length));
    }
    for (int i = 0; i < total.length; i++) {
      total[i] += part[i];
    }
  }

  /** Sums up one shard while it is packed. */
  static final class Collector {
    private final long[] classCounts;
    private final long[] channelSums;
    private final long[] channelSquareSums;
    private final ArrayList<String> rejectedLocations = new ArrayList<>();
    private final ArrayList<String> rejectedReasons = new ArrayList<>();
    private final CRC32C checksum = new CRC32C();
    private final StoredShape store;
    private int examples;
    private long pixels;
    private long fingerprint;
    private long content;

    Collector(int classCount, StoredShape store) {
      this.store = store;
      classCounts = new long[classCount];
      channelSums = new long[store.input().channels()];
      channelSquareSums = new long[channelSums.length];
    }

    void accept(int id, int label, Picture picture) {
      byte[] values = picture.pixels();
      int planeSize = picture.shape().planeSize();
      examples++;
      pixels += planeSize;
      fingerprint += KeyedRandom.mix(id + 1L);
      checksum.reset();
      checksum.update(values);
      if (!store.isResized()) {
        checksum.update(picture.shape().toString().getBytes(StandardCharsets.UTF_8));
      }
      content +=
          KeyedRandom.mix(KeyedRandom.mix(id + 1L) + ((long) label << 32) + checksum.getValue());
      classCounts[label]++;
      for (int channel = 0; channel < channelSums.length; channel++) {
        long sum = 0;
        long squareSum = 0;
        for (int i = channel * planeSize; i < (channel + 1) * planeSize; i++) {
          int value = values[i] & 0xff;
          sum += value;
          squareSum += (long) value * value;
        }
        channelSums[channel] += sum;
        channelSquareSums[channel] += squareSum;
      }
    }

    void reject(int id, String location, String reason) {
      content += KeyedRandom.mix(KeyedRandom.mix(id + 1L) + REJECTED);
      rejectedLocations.add(location);
      rejectedReasons.add(reason);
    }

    ShardStatistics finish() {
      return new ShardStatistics(
          examples,
          pixels,
          fingerprint,
          content,
          classCounts.clone(),
          channelSums.clone(),
          channelSquareSums.clone(),
          rejectedLocations.toArray(String[]::new),
          rejectedReasons.toArray(String[]::new));
    }
  }
}
