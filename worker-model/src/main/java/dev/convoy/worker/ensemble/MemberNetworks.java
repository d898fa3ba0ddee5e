package dev.convoy.worker.ensemble;

import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.shard.Examples;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.accelerator.propagation.Propagation;
import dev.convoy.worker.archive.ModelArchive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * The networks of an ensemble's members on an executor: every batch is gathered once for all
 * members that normalise alike, and goes through one network after the other.
 *
 * <p>Used by one thread at a time.
 */
public final class MemberNetworks implements AutoCloseable {
  private final List<Member> members;
  private final int classes;
  private final int threads;

  private record Member(Propagation propagation, Normalization normalization) {}

  /** What is done with the answers to a batch. */
  public interface Sink {
    /**
     * Takes the answers.
     *
     * @param batch the examples; valid during the call
     * @param probabilities axes [example, member, class]; valid during the call
     */
    void accept(Batch batch, float[] probabilities);
  }

  /**
   * Networks that are ready to answer.
   *
   * @param models of images of one shape and with the same classes, at least one
   * @param threads that a network computes with, at least 1
   */
  public MemberNetworks(
      List<ModelArchive.Model> models, Accelerator.Settings accelerator, int threads) {
    this.classes = models.get(0).card().labels().size();
    this.threads = threads;
    this.members = new ArrayList<>();
    useThreads();
    for (ModelArchive.Model model : models) {
      members.add(
          new Member(
              Accelerator.accelerate(model.network(), model.card().input(), accelerator),
              model.card().normalization()));
    }
  }

  /** How many members there are. */
  public int members() {
    return members.size();
  }

  /** How many classes they choose from. */
  public int classes() {
    return classes;
  }

  /**
   * Asks every member about examples, in their order, without augmentation.
   *
   * @param from first position in {@code examples}
   * @param to position after the last one
   * @param batchSize examples at once, at least 1
   */
  public void predict(Examples examples, int from, int to, int batchSize, Sink sink) {
    useThreads();
    int[] order = IntStream.range(from, to).toArray();
    float[] answers = new float[Math.min(batchSize, order.length) * members.size() * classes];
    Map<Normalization, BatchPipeline> pipelines = new LinkedHashMap<>();
    try {
      for (Member member : members) {
        pipelines.computeIfAbsent(
            member.normalization(),
            normalization ->
                new BatchPipeline(
                    examples,
                    order,
                    0,
                    order.length,
                    batchSize,
                    Augmentations.none(),
                    0,
                    0,
                    normalization));
      }
      for (int start = 0; start < order.length; start += batchSize) {
        Map<Normalization, Batch> batches = new LinkedHashMap<>();
        pipelines.forEach((normalization, pipeline) -> batches.put(normalization, pipeline.next()));
        for (int member = 0; member < members.size(); member++) {
          ask(member, batches.get(members.get(member).normalization()), answers);
        }
        sink.accept(batches.values().iterator().next(), answers);
      }
    } finally {
      pipelines.values().forEach(BatchPipeline::close);
    }
  }

  private void ask(int member, Batch batch, float[] answers) {
    float[] probabilities =
        members.get(member).propagation().probabilities(batch.images(), batch.size());
    for (int i = 0; i < batch.size(); i++) {
      System.arraycopy(
          probabilities, i * classes, answers, (i * members.size() + member) * classes, classes);
    }
  }

  /** OpenMP counts its threads per calling thread, so every task sets them for itself. */
  private void useThreads() {
    Nd4j.getBackend(); // loads the native library
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
  }

  /** Frees native memory. */
  @Override
  public void close() {
    members.forEach(member -> member.propagation().close());
  }
}
