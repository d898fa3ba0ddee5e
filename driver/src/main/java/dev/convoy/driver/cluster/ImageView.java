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
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;

/**
 * Images as one run sees them: all that executors keep, or some, some of them several times.
 * Nothing is copied. Driver only.
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

  /** Those that a selection takes, as often as it does. */
  static ImageView of(SparkCluster cluster, ShardedImages images, Selection selection) {
    Broadcast<Selection> broadcast = cluster.context().broadcast(selection);
    try {
      int[] sizes = new int[images.sizes().length];
      long[] fingerprint = new long[1];
      Jobs.run(
          images
              .places()
              .mapPartitionsWithIndex(new Count(new Loader(images.loader(), broadcast)), true),
          long[].class,
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

  /** How many images each shard has, repetitions counted. */
  public int[] sizes() {
    return sizes.clone();
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

  JavaRDD<Integer> places() {
    return images.places();
  }

  List<Integer> shards(java.util.function.IntPredicate hasWork) {
    return images.shards(hasWork);
  }

  /** Evaluates every shard that holds an image; sums are merged in shard order. */
  EvaluationSums evaluate(Function2<Integer, Iterator<Integer>, Iterator<EvaluationSums>> task) {
    TreeMap<Integer, EvaluationSums> sums = new TreeMap<>();
    Jobs.run(
        places().mapPartitionsWithIndex(task, true),
        EvaluationSums.class,
        shards(shard -> sizes[shard] > 0),
        sums::put);
    return EvaluationSums.merge(sums.values());
  }

  /** Forgets the view; the images stay. */
  @Override
  public void close() {
    if (selection != null) {
      selection.destroy();
    }
  }

  /** Finds or packs a shard and looks at it as the view does. Travels in closures. */
  record Loader(ShardLoader shards, Broadcast<Selection> selection) implements Serializable {
    Examples load(int shard) throws IOException {
      Shard whole = shards.load(shard);
      return selection == null ? whole : selection.value().of(whole);
    }
  }

  private record Count(Loader loader)
      implements Function2<Integer, Iterator<Integer>, Iterator<long[]>> {
    @Override
    public Iterator<long[]> call(Integer shard, Iterator<Integer> places) throws Exception {
      Examples examples = loader.load(ShardedImages.drain(shard, places));
      long fingerprint = 0;
      for (int i = 0; i < examples.size(); i++) {
        fingerprint += KeyedRandom.mix(examples.id(i) + 1L);
      }
      return List.of(new long[] {examples.size(), fingerprint}).iterator();
    }
  }
}
