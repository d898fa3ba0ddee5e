package dev.convoy.driver.cluster;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Which owners of what executors keep were there when a job was submitted: images, runs, ensembles,
 * each with a number that is given once. Every task brings this along, so that its executor frees
 * what no longer has an owner.
 */
final class LiveOwners {
  /** What an executor knows before its first task. */
  static final LiveOwners UNKNOWN = new LiveOwners(0, 0, new long[0]);

  private final long version;
  private final long next;
  private final long[] live;

  private LiveOwners(long version, long next, long[] live) {
    this.version = version;
    this.next = next;
    this.live = live;
  }

  /**
   * The owners at one time.
   *
   * @param version larger than that of every earlier time
   * @param next above the numbers given so far: nothing is said of those from here on
   * @param live in any order
   */
  static LiveOwners of(long version, long next, Collection<Long> live) {
    return new LiveOwners(
        version, next, live.stream().mapToLong(Long::longValue).sorted().toArray());
  }

  /** Whether this is newer than the other. */
  boolean isLaterThan(LiveOwners other) {
    return version > other.version;
  }

  /** Whether an owner was released, which is for good. */
  boolean haveReleased(long owner) {
    return owner < next && Arrays.binarySearch(live, owner) < 0;
  }

  /** As text, for a property of a job. */
  String text() {
    return LongStream.concat(LongStream.of(version, next), Arrays.stream(live))
        .mapToObj(Long::toString)
        .collect(Collectors.joining(" "));
  }

  /** The inverse of {@link #text}; null for none. */
  static LiveOwners parse(String text) {
    if (text == null) {
      return UNKNOWN;
    }
    long[] numbers = Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
    return new LiveOwners(numbers[0], numbers[1], Arrays.copyOfRange(numbers, 2, numbers.length));
  }
}
