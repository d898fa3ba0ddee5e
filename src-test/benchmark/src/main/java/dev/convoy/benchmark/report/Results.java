package dev.convoy.benchmark.report;

import dev.convoy.benchmark.Task;
import dev.convoy.benchmark.compare.Peer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** What was measured so far. */
public final class Results {
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Peer, String> versions = new EnumMap<>(Peer.class);
  private final Map<Peer, String> skipped = new EnumMap<>(Peer.class);
  private Spark spark;

  /**
   * A peer's speed at a task.
   *
   * @param parameters that the network learns
   * @param peakBytes that a replica took at most, without its images; 0 if nobody knows
   * @param imagesPerSecond of all its threads together
   */
  public record Entry(
      Task task, Peer peer, long parameters, long peakBytes, Measurement imagesPerSecond) {}

  /**
   * The application on Spark and the same network without it.
   *
   * @param application images per second in the rounds behind the first epoch
   * @param bareLoop images per second of two replicas without Spark, on images in memory
   * @param waitingShare of a step's time, 0 to 1
   * @param images in the training set
   * @param epochs of a run
   */
  public record Spark(
      Measurement application,
      Measurement bareLoop,
      Measurement waitingShare,
      int images,
      int epochs) {}

  /** Adds a peer's speed. */
  public void add(
      Task task, Peer peer, long parameters, long peakBytes, Measurement imagesPerSecond) {
    entries.add(new Entry(task, peer, parameters, peakBytes, imagesPerSecond));
  }

  /** What a peer says that it is. */
  public void version(Peer peer, String version) {
    versions.put(peer, version);
  }

  /** A peer that was not measured, at least not at everything. */
  public void skip(Peer peer, String reason) {
    skipped.put(peer, reason);
  }

  /** What came of the application on Spark. */
  public void spark(Spark measured) {
    spark = measured;
  }

  /** Speeds in the order in which they were measured. */
  public List<Entry> entries() {
    return Collections.unmodifiableList(entries);
  }

  /** What the peers say that they are. */
  public Map<Peer, String> versions() {
    return Collections.unmodifiableMap(versions);
  }

  /** Why peers are missing. */
  public Map<Peer, String> skipped() {
    return Collections.unmodifiableMap(skipped);
  }

  /** The application on Spark, if it was measured. */
  public Optional<Spark> spark() {
    return Optional.ofNullable(spark);
  }

  /** What was done, in order. */
  List<Task> tasks() {
    return entries.stream().map(Entry::task).distinct().toList();
  }

  /** Images per second. */
  OptionalDouble median(Task task, Peer peer) {
    return entries.stream()
        .filter(entry -> Objects.equals(entry.task(), task) && entry.peer() == peer)
        .mapToDouble(entry -> entry.imagesPerSecond().median())
        .findFirst();
  }

  /** Images per second of the best way to run PyTorch; empty unless two were measured. */
  OptionalDouble bestPyTorch(Task task) {
    return best(task, Peer::isPyTorch);
  }

  /** The same in bfloat16. */
  OptionalDouble bestPyTorchInBfloat16(Task task) {
    return best(task, Peer::isPyTorchInBfloat16);
  }

  private OptionalDouble best(Task task, Predicate<Peer> ways) {
    DoubleSummaryStatistics speeds =
        Arrays.stream(Peer.values())
            .filter(ways)
            .flatMapToDouble(peer -> median(task, peer).stream())
            .summaryStatistics();
    return speeds.getCount() > 1 ? OptionalDouble.of(speeds.getMax()) : OptionalDouble.empty();
  }

  /** The most bytes that a replica of a peer took; empty if nobody knows. */
  OptionalLong peakBytes(Task task, Peer peer) {
    return entries.stream()
        .filter(entry -> Objects.equals(entry.task(), task) && entry.peer() == peer)
        .mapToLong(Entry::peakBytes)
        .filter(bytes -> bytes > 0)
        .findFirst();
  }

  /** The bytes of the way to run PyTorch that takes least. */
  OptionalLong leastPyTorchBytes(Task task) {
    return Arrays.stream(Peer.values())
        .filter(Peer::isPyTorch)
        .flatMapToLong(peer -> peakBytes(task, peer).stream())
        .min();
  }

  /** What Convoy is to reach. */
  public List<Target> targets() {
    return Target.of(this);
  }
}
