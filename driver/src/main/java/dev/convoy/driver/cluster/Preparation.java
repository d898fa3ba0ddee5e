package dev.convoy.driver.cluster;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.data.format.ShardFile;
import dev.convoy.data.format.ShardManifest;
import dev.convoy.data.format.ShardManifest.ClassCount;
import dev.convoy.data.format.ShardManifest.Origin;
import dev.convoy.data.format.ShardManifest.Part;
import dev.convoy.data.shard.Shard;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Quarantined;
import dev.convoy.data.source.Role;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.OutputException;
import dev.convoy.driver.directory.PreparedFolder;
import dev.convoy.driver.report.Progress;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;

/**
 * Writes decoded images to files, so that later runs need not decode. Driver only.
 *
 * <p>Each task decodes one shard and writes it under a name of its own, whatever other attempts at
 * the shard do. The driver takes one result for each shard, gives its file the part's name and
 * names it in the manifest; the manifest is complete at the end. Parts that an earlier attempt at
 * the same has left are read to the end and kept if they are whole.
 */
public final class Preparation {
  private static final long MANIFEST_PAUSE_NANOS = 2_000_000_000L;

  private final PreparedFolder folder;
  private final ShardManifest empty;
  private final TreeMap<Integer, Part> parts = new TreeMap<>();
  private final List<Quarantined> quarantined = new ArrayList<>();
  private long manifestNanos;

  private Preparation(PreparedFolder folder, ShardManifest empty) {
    this.folder = folder;
    this.empty = empty;
  }

  /**
   * The result of preparing a role.
   *
   * @param examples how many images all parts hold
   * @param quarantined the images that could not be read, sorted by path
   */
  public record Prepared(long examples, List<Quarantined> quarantined) {}

  /**
   * What is to be prepared.
   *
   * @param role of the images
   * @param source what their source is asked for: training images where they are split off from
   *     those
   * @param location where they are
   * @param shards the listing of every part
   * @param classNames in label order
   * @param origin of the images
   */
  public record Request(
      Role role,
      Role source,
      String location,
      Listing[] shards,
      List<String> classNames,
      Origin origin) {}

  /**
   * Prepares the images of one role; the folder is not complete before {@link #complete}.
   *
   * @param folder claimed for the origin
   * @throws OutputException if the parts cannot be written
   * @throws DataException if a container of images is broken or gone
   */
  public static Preparation run(
      SparkCluster cluster,
      RunConfiguration configuration,
      Request request,
      PreparedFolder folder,
      Progress progress) {
    List<ClassCount> classes =
        request.classNames().stream().map(name -> new ClassCount(name, 0)).toList();
    Preparation preparation =
        new Preparation(
            folder,
            new ShardManifest(
                false, request.origin(), configuration.data().store(), classes, List.of()));
    Optional<ShardManifest> held = folder.manifest(ImageLocations.hadoop());
    if (held.isEmpty()) {
      folder.write(preparation.empty);
    }
    preparation.write(
        cluster,
        configuration,
        request,
        held.map(ShardManifest::parts).orElse(List.of()),
        progress);
    return preparation;
  }

  private void write(
      SparkCluster cluster,
      RunConfiguration configuration,
      Request request,
      List<Part> held,
      Progress progress) {
    Listing[] shards = request.shards();
    Part[] kept = new Part[shards.length];
    for (int shard = 0; shard < shards.length; shard++) {
      String name = ShardManifest.partName(shard);
      kept[shard] = held.stream().filter(part -> part.name().equals(name)).findFirst().orElse(null);
    }
    Broadcast<Listing[]> listings = cluster.context().broadcast(shards);
    ShardLoader loader =
        new ShardLoader(
            configuration,
            request.source(),
            request.location(),
            request.classNames().size(),
            listings);
    ExecutorService committer = Executors.newSingleThreadExecutor();
    try {
      int listed = Arrays.stream(shards).mapToInt(Listing::size).sum();
      SparkContext spark = cluster.context().sc();
      ImageCounter.counting(
          spark,
          "decoded",
          decoded ->
              ImageCounter.counting(
                  spark,
                  "packed",
                  packed ->
                      progress.during(
                          Text.of(
                              "decoding and packing %s of %s into %s",
                              Text.count(listed, "image"),
                              request.location().isEmpty() ? "generated data" : request.location(),
                              Text.count(shards.length, "part")),
                          () ->
                              Text.of(
                                  "decoded %,d, packed %,d of %s",
                                  decoded.count(), packed.count(), Text.count(listed, "image")),
                          () ->
                              write(
                                  cluster,
                                  new Write(
                                      loader,
                                      folder.location(),
                                      request.classNames().size(),
                                      kept,
                                      decoded.counter(),
                                      packed.counter()),
                                  committer))));
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } catch (JobException e) {
      throw new OutputException(
          Text.of(
              "Cannot prepare images in %s: %s The parts that are complete are kept: mend the"
                  + " cause, then give the same command again to go on.",
              folder.location(), e.getMessage()),
          e);
    } finally {
      committer.shutdownNow();
      Jobs.free(listings);
    }
  }

  /** Has every part made, and takes each as it comes. */
  private Preparation write(SparkCluster cluster, Write write, ExecutorService committer) {
    Part[] kept = write.kept();
    List<Integer> all = IntStream.range(0, kept.length).boxed().toList();
    List<CompletableFuture<Void>> commits = new ArrayList<>();
    Jobs.run(
        cluster.context().parallelize(all, kept.length),
        write::part,
        PreparedPart.class,
        all,
        (shard, part) ->
            commits.add(
                CompletableFuture.runAsync(() -> commit(shard, part, kept[shard]), committer)));
    CompletableFuture.allOf(commits.toArray(CompletableFuture<?>[]::new)).join();
    return this;
  }

  /** Takes the result of a shard; runs apart from Spark's event loop, one at a time. */
  private void commit(int shard, PreparedPart result, Part before) {
    if (result.isKept()) {
      if (before != null) {
        parts.put(shard, before);
        quarantined.addAll(before.quarantined());
      }
      return;
    }
    quarantined.addAll(result.quarantined());
    if (result.staged.isEmpty()) {
      return;
    }
    Part part = result.part(ShardManifest.partName(shard));
    folder.commit(result.staged, part.name());
    parts.put(shard, part);
    if (System.nanoTime() - manifestNanos > MANIFEST_PAUSE_NANOS) {
      folder.write(manifest(false, empty.classes()));
      manifestNanos = System.nanoTime();
    }
  }

  private ShardManifest manifest(boolean complete, List<ClassCount> classes) {
    return new ShardManifest(
        complete, empty.origin(), empty.store(), classes, List.copyOf(parts.values()));
  }

  /** The result so far. */
  public Prepared prepared() {
    return new Prepared(
        parts.values().stream().mapToLong(Part::examples).sum(),
        quarantined.stream().sorted(Comparator.comparing(Quarantined::path)).toList());
  }

  /**
   * Looks at every part, removes what belongs to none, and declares the folder complete.
   *
   * @throws DataException if a part is not there or is another one
   */
  public void complete() {
    long[] counts = new long[empty.classes().size()];
    for (Part part : parts.values()) {
      for (int label : labels(part)) {
        counts[label]++;
      }
    }
    List<ClassCount> classes =
        IntStream.range(0, counts.length)
            .mapToObj(i -> new ClassCount(empty.classes().get(i).name(), counts[i]))
            .toList();
    folder.deleteExcept(List.copyOf(parts.values()));
    folder.write(manifest(true, classes));
  }

  private int[] labels(Part part) {
    Path path = new Path(folder.location(), part.name());
    try (ShardFile file = ShardFile.open(path, ImageLocations.hadoop())) {
      if (file.checksum() != part.checksum()) {
        throw new DataException(
            "Cannot prepare images: expected the part that was written, found another, in %s. Is"
                + " another process at work there?",
            path);
      }
      return file.labels();
    } catch (IOException e) {
      throw new OutputException("Cannot read " + path + ": " + e.getMessage() + ".", e);
    }
  }

  /** Makes a part. A part that is kept counts as decoded and packed. */
  private record Write(
      ShardLoader loader,
      String folder,
      int classes,
      Part[] kept,
      LongAccumulator decoded,
      LongAccumulator packed)
      implements Serializable {
    PreparedPart part(int shard) throws IOException {
      if (kept[shard] != null && isWhole(kept[shard])) {
        decoded.add(kept[shard].examples());
        packed.add(kept[shard].examples());
        return PreparedPart.KEPT;
      }
      try (Shard images = loader.loadAlone(shard, decoded)) {
        return write(images, shard);
      }
    }

    private boolean isWhole(Part part) throws IOException {
      try (ShardFile file =
          ShardFile.open(new Path(folder, part.name()), ImageLocations.hadoop())) {
        file.verify();
        return file.checksum() == part.checksum();
      } catch (DataException e) {
        return false;
      }
    }

    private PreparedPart write(Shard images, int shard) throws IOException {
      String staged = images.size() == 0 ? "" : stagedName(shard);
      int[] checksum = new int[1];
      if (!staged.isEmpty()) {
        PreparedFolder.stage(
            new Path(folder, staged),
            ImageLocations.hadoop(),
            out -> checksum[0] = ShardFile.write(out, images, classes, () -> packed.add(1)));
      }
      return new PreparedPart(staged, ShardFile.length(images), checksum[0], images.statistics());
    }

    /** No two attempts share it, nor do the applications that make them. */
    private static String stagedName(int shard) {
      return Text.of(
          ".part-%05d.%s.%d.tmp",
          shard,
          SparkEnv.get().conf().getAppId().replaceAll("[^A-Za-z0-9-]", "-"),
          TaskContext.get().taskAttemptId());
    }
  }
}
