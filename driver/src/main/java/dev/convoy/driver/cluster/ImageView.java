package dev.convoy.driver.cluster;

import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.shard.Examples;
import dev.convoy.data.shard.Selection;
import dev.convoy.data.shard.Shard;
import dev.convoy.worker.training.EvaluationSums;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;

/**
 * The images of one run: all images that executors keep, or a selection with repetitions. Nothing
 * is copied. Driver only.
 */
public final class ImageView implements AutoCloseable {
  private final ShardedImages images;
  private final Broadcast<Selection> selection;
  private final int[] sizes;
  private final long fingerprint;

  private ImageView(
      ShardedImages images, Broadcast<Selection> selection, int[] sizes, long fingerprint) {
    this.images = images;
    this.selection = selection;
    this.sizes = sizes;
    this.fingerprint = fingerprint;
  }

  /** All images, once each. */
  static ImageView all(ShardedImages images) {
    return new ImageView(images, null, images.sizes(), images.statistics().fingerprint());
  }

  /** A selection of the images. */
  static ImageView of(SparkCluster cluster, ShardedImages images, Selection selection) {
    Broadcast<Selection> broadcast = cluster.context().broadcast(selection);
    try {
      int[] sizes = new int[images.sizes().length];
      long[] fingerprint = new long[1];
      Loader loader = new Loader(images.loader(), broadcast);
      Jobs.run(
          images.places(),
          shard -> count(loader.load(shard)),
          long[].class,
          images.shards(shard -> true),
          (shard, counted) -> {
            sizes[shard] = (int) counted[0];
            fingerprint[0] += counted[1];
          });
      return new ImageView(images, broadcast, sizes, fingerprint[0]);
    } catch (RuntimeException e) {
      broadcast.destroy();
      throw e;
    }
  }

  private static long[] count(Examples examples) {
    long fingerprint = 0;
    for (int i = 0; i < examples.size(); i++) {
      fingerprint += KeyedRandom.mix(examples.id(i) + 1L);
    }
    return new long[] {examples.size(), fingerprint};
  }

  /** How many images each shard has, repetitions counted. */
  public int[] sizes() {
    return sizes.clone();
  }

  /** How many shards have images. */
  public int shardsWithImages() {
    return (int) Arrays.stream(sizes).filter(size -> size > 0).count();
  }

  /** How many images there are, repetitions counted. */
  public long examples() {
    return Arrays.stream(sizes).asLongStream().sum();
  }

  /** The wrapping sum of {@link KeyedRandom#mix}(id + 1) over the images, repetitions counted. */
  public long fingerprint() {
    return fingerprint;
  }

  Loader loader() {
    return new Loader(images.loader(), selection);
  }

  List<Integer> shards(IntPredicate hasWork) {
    return images.shards(hasWork);
  }

  /** Work on the images of one shard, on an executor; see {@link Jobs.ShardTask}. */
  @FunctionalInterface
  interface ExamplesTask<T> extends Serializable {
    T run(int shard, Examples examples) throws Exception;
  }

  /** Runs a task for some shards; results come in the order in which they finish. */
  <T> void run(
      List<Integer> shards, Class<T> type, ExamplesTask<T> task, BiConsumer<Integer, T> results) {
    Loader loader = loader();
    Jobs.run(images.places(), shard -> task.run(shard, loader.load(shard)), type, shards, results);
  }

  /** Runs a task for one shard. */
  <T> T runOne(int shard, Class<T> type, ExamplesTask<T> task) {
    AtomicReference<T> result = new AtomicReference<>();
    run(List.of(shard), type, task, (any, done) -> result.set(done));
    return result.get();
  }

  /** The elements that a task makes of each shard's images, one after another as they are read. */
  <T> JavaRDD<T> elements(ExamplesTask<Iterator<T>> task) {
    Loader loader = loader();
    return images
        .places()
        .mapPartitionsWithIndex(
            (shard, place) -> {
              place.forEachRemaining(ignored -> {}); // read to its end, Spark caches it here
              return task.run(shard, loader.load(shard));
            },
            true);
  }

  /** Evaluates every shard that holds an image; sums are merged in shard order. */
  EvaluationSums evaluate(ExamplesTask<EvaluationSums> task) {
    TreeMap<Integer, EvaluationSums> sums = new TreeMap<>();
    run(shards(shard -> sizes[shard] > 0), EvaluationSums.class, task, sums::put);
    return EvaluationSums.merge(sums.values());
  }

  /** Forgets the view; the images stay. */
  @Override
  public void close() {
    if (selection != null) {
      selection.destroy();
    }
  }

  /** Finds or packs a shard and applies the selection. Travels in closures. */
  record Loader(ShardLoader shards, Broadcast<Selection> selection) implements Serializable {
    Examples load(int shard) throws IOException {
      Shard whole = shards.load(shard);
      return selection == null ? whole : selection.value().of(whole);
    }
  }
}
