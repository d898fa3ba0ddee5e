package dev.convoy.driver.cluster;

import dev.convoy.data.Text;
import dev.convoy.data.batch.ShardTargets;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.shard.Examples;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.report.Progress;
import dev.convoy.worker.ensemble.Combination;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.MemberNetworks;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Predictions of an ensemble for training images, mixed with their labels: the targets of
 * distillation. Computed once, on the executors, and kept there beside the shards: four bytes for
 * each image and class. Should an executor be lost, the next task computes them again. Driver only.
 */
public final class SoftTargets implements AutoCloseable {
  private final SparkCluster cluster;
  private final MemberPrediction members;
  private final Loader loader;
  private final long fingerprint;

  /**
   * Predicts all images.
   *
   * @param members of the ensemble; closed with this
   * @param combination how they answer as one
   * @param weight share of the ensemble's answer, in (0, 1]; the rest is the label
   * @param images that a network is to learn
   * @param progress is told while it lasts
   * @throws ConfigurationException if the answers about one shard are more than an array holds
   */
  public SoftTargets(
      SparkCluster cluster,
      MemberPrediction members,
      CombinationSettings combination,
      double weight,
      ImageView images,
      Progress progress) {
    requireRoom(images, combination.classes());
    this.cluster = cluster;
    this.members = members;
    this.loader =
        new Loader(Owners.add(), members.networks(), combination, combination.classes(), weight);
    long[] hashes = new long[images.sizes().length];
    progress.during(
        "asking the ensemble about " + Text.count(images.examples(), "training image"),
        () -> "",
        () -> {
          Loader asked = loader;
          images.run(
              images.shards(shard -> true),
              long[].class,
              (shard, examples) ->
                  NetworkGuard.compute(() -> new long[] {hash(asked.values(shard, examples))}),
              (shard, hash) -> hashes[shard] = hash[0]);
          return hashes;
        });
    members.rest();
    this.fingerprint = Arrays.hashCode(hashes);
  }

  private static long hash(float[] values) {
    long hash = 0;
    for (float value : values) {
      hash = KeyedRandom.mix(hash + Float.floatToIntBits(value));
    }
    return hash;
  }

  private static void requireRoom(ImageView images, int classes) {
    int largest = Arrays.stream(images.sizes()).max().orElse(0);
    if ((long) largest * classes > Integer.MAX_VALUE) {
      throw new ConfigurationException(
          Text.of(
              "training.workers: expected shards of at most %,d images of %d classes for"
                  + " ensemble.distill, found %,d; use more workers",
              Integer.MAX_VALUE / classes, classes, largest));
    }
  }

  /** Identifies the targets. */
  public long fingerprint() {
    return fingerprint;
  }

  Loader loader() {
    return loader;
  }

  /** Frees the ensemble and the targets. */
  @Override
  public void close() {
    Jobs.release(cluster, loader.owner());
    members.close();
  }

  /** Finds or computes the targets of a shard. Travels in closures. */
  record Loader(
      long owner,
      MemberPrediction.Networks networks,
      CombinationSettings combination,
      int classes,
      double weight)
      implements Serializable {

    ShardTargets load(int shard, Examples images) throws Exception {
      return new ShardTargets(classes, values(shard, images));
    }

    /** Axes [position in the shard, class]. */
    float[] values(int shard, Examples images) throws Exception {
      return ExecutorState.get().targets(new ShardCache.Key(owner, shard), () -> ask(images));
    }

    private float[] ask(Examples images) throws Exception {
      return networks.answer(teachers -> ask(teachers, images));
    }

    private float[] ask(MemberNetworks teachers, Examples images) {
      float[] targets = new float[Math.multiplyExact(images.size(), classes)];
      int block = MemberPrediction.block(combination.members(), classes);
      for (int from = 0; from < images.size(); from += block) {
        int to = Math.min(from + block, images.size());
        PredictedBlock answers = MemberPrediction.ask(teachers, images, from, to);
        mix(answers.probabilities, images, from, to, targets);
      }
      return targets;
    }

    private void mix(float[] answers, Examples images, int from, int to, float[] targets) {
      Combination combined = combination.combination();
      boolean[] all = new boolean[combination.members()];
      Arrays.fill(all, true);
      double[] answer = new double[classes];
      float[] one = new float[combination.members() * classes];
      for (int i = from; i < to; i++) {
        System.arraycopy(answers, (i - from) * one.length, one, 0, one.length);
        combined.combine(one, all, answer);
        for (int label = 0; label < classes; label++) {
          double certain = images.label(i) == label ? 1 : 0;
          targets[i * classes + label] = (float) (weight * answer[label] + (1 - weight) * certain);
        }
      }
    }
  }
}
