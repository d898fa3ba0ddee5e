package dev.convoy.driver.cluster;

import dev.convoy.data.Text;
import dev.convoy.data.augment.TestTimeAugmentation;
import dev.convoy.data.shard.Examples;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.worker.Probabilities;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.ensemble.MemberNetworks;
import dev.convoy.worker.ensemble.PredictionModels;
import dev.convoy.worker.training.Evaluator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;

/**
 * Members of an ensemble on the executors: predictions come to the driver block by block, so that
 * neither holds all of them. Driver only.
 */
public final class MemberPrediction implements AutoCloseable {
  /** Floats in a block, of all members and classes together: 16 MiB. */
  private static final int BLOCK = 4 << 20;

  private final SparkCluster cluster;
  private final Networks networks;
  private final int members;
  private final int classes;

  /** Receives predictions. */
  public interface Sink {
    /**
     * Receives the prediction of one example.
     *
     * @param id of the example
     * @param probabilities axes [member, class], from {@code offset} on; valid during the call
     */
    void accept(int id, float[] probabilities, int offset);
  }

  /**
   * Brings members to the executors.
   *
   * @param predictionModels the members' networks
   * @param classes that they choose from
   * @param threads of each task
   */
  public MemberPrediction(
      SparkCluster cluster,
      RunConfiguration configuration,
      PredictionModels predictionModels,
      int classes,
      int threads) {
    this(cluster, configuration, predictionModels, classes, threads, TestTimeAugmentation.NONE);
  }

  /**
   * Brings members to the executors, which average what they say of several views of an example.
   *
   * @param predictionModels the members' networks
   * @param classes that they choose from
   * @param threads of each task
   */
  public MemberPrediction(
      SparkCluster cluster,
      RunConfiguration configuration,
      PredictionModels predictionModels,
      int classes,
      int threads,
      TestTimeAugmentation augmentation) {
    this.cluster = cluster;
    this.members = predictionModels.answers();
    this.classes = classes;
    this.networks =
        new Networks(
            Owners.add(),
            configuration.accelerator(),
            threads,
            predictionModels.dropoutSamples(),
            augmentation,
            cluster.context().broadcast(predictionModels.models().toArray(byte[][]::new)));
  }

  /**
   * Predicts every image once with every member.
   *
   * @param progress is told while it lasts
   */
  public void predict(ImageView images, Progress progress, String what, Sink sink) {
    int[] sizes = images.sizes();
    int largest = Arrays.stream(sizes).max().orElse(0);
    int block = block(members, classes);
    long[] done = new long[1];
    Networks asked = networks;
    progress.during(
        what + ", " + Text.count(images.examples(), "image"),
        () -> done[0] + " done",
        () -> {
          for (int from = 0; from < largest; from += block) {
            int first = from;
            images.run(
                images.shards(shard -> sizes[shard] > first),
                PredictedBlock.class,
                (shard, examples) -> predict(asked, examples, first, block),
                (shard, predicted) -> done[0] += hand(predicted, sink));
          }
          return done[0];
        });
  }

  private int hand(PredictedBlock predicted, Sink sink) {
    int[] ids = predicted.ids;
    for (int i = 0; i < ids.length; i++) {
      sink.accept(ids[i], predicted.probabilities, i * members * classes);
    }
    return ids.length;
  }

  /** Examples in a block. */
  static int block(int members, int classes) {
    return (int) Math.max(1, BLOCK / ((long) members * classes));
  }

  /** Frees the networks on executors; a later task restores them. */
  void rest() {
    Jobs.release(cluster, networks.owner());
  }

  /** Makes the networks on executors; travels in closures. */
  Networks networks() {
    return networks;
  }

  /** Floats in the answers to one example. */
  int row() {
    return members * classes;
  }

  /** Frees the networks. */
  @Override
  public void close() {
    rest();
    Jobs.free(networks.models());
  }

  /** Makes networks on executors. */
  record Networks(
      long owner,
      Accelerator.Settings accelerator,
      int threads,
      int dropoutSamples,
      TestTimeAugmentation augmentation,
      Broadcast<byte[][]> models)
      implements java.io.Serializable {
    /** The predictions of all members for a range of examples. */
    PredictedBlock ask(Examples examples, int from, int to) throws Exception {
      return answer(members -> MemberPrediction.ask(members, examples, from, to, augmentation));
    }

    /** Does work with the networks on this executor. */
    <T> T answer(ReplicaPool.Work<MemberNetworks, T> work) throws Exception {
      return GpuLeases.here().with(accelerator, device -> answer(device, work));
    }

    private <T> T answer(Accelerator.Settings device, ReplicaPool.Work<MemberNetworks, T> work)
        throws Exception {
      return ExecutorState.get()
          .members()
          .with(new ReplicaPool.Key(owner, device.gpu().address()), () -> create(device), work);
    }

    private MemberNetworks create(Accelerator.Settings device) {
      List<ModelArchive.Model> restored = new ArrayList<>();
      for (byte[] model : models.value()) {
        restored.add(ModelArchive.read(model, "a broadcast member"));
      }
      return new MemberNetworks(restored, dropoutSamples, device, threads);
    }
  }

  private static PredictedBlock predict(Networks networks, Examples examples, int first, int block)
      throws Exception {
    int from = Math.min(first, examples.size());
    int to = Math.min(first + block, examples.size());
    return NetworkGuard.compute(() -> networks.ask(examples, from, to));
  }

  /** The predictions of all members for a range of examples. */
  static PredictedBlock ask(MemberNetworks members, Examples examples, int from, int to) {
    return ask(members, examples, from, to, TestTimeAugmentation.NONE);
  }

  /** The mean predictions of all members for the views of a range of examples. */
  private static PredictedBlock ask(
      MemberNetworks members,
      Examples examples,
      int from,
      int to,
      TestTimeAugmentation augmentation) {
    int views = augmentation.views();
    int row = members.members() * members.classes();
    int[] ids = new int[to - from];
    float[] probabilities = new float[ids.length * row];
    int[] next = new int[1];
    members.predict(
        augmentation.of(examples),
        from * views,
        to * views,
        Math.max(1, Evaluator.batchSize(examples.input()) / views) * views,
        (batch, answers) -> {
          int answered = batch.size() / views;
          Probabilities.average(answers, answered, views, row);
          System.arraycopy(answers, 0, probabilities, next[0] * row, answered * row);
          for (int i = 0; i < answered; i++) {
            ids[next[0] + i] = batch.ids()[i * views];
          }
          next[0] += answered;
        });
    return new PredictedBlock(ids, probabilities, null);
  }
}
