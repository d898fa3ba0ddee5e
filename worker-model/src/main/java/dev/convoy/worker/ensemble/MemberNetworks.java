package dev.convoy.worker.ensemble;

import dev.convoy.data.batch.Batch;
import dev.convoy.data.batch.BatchPipeline;
import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.Examples;
import dev.convoy.data.source.NumberScale;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.natives.NativeLibraries;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The networks of an ensemble's members on an executor: every batch is gathered once, and goes
 * through one network after the other.
 *
 * <p>Used by one thread at a time.
 */
public final class MemberNetworks implements AutoCloseable {
  private final List<Member> networks;
  private final int samples;
  private final int classes;

  private record Member(
      Session session, Normalization normalization, Optional<NumberScale> numbers) {}

  /** Receives the predictions of a batch. */
  public interface Sink {
    /**
     * Takes the answers.
     *
     * @param batch the examples; valid during the call
     * @param probabilities axes [example, member, class]; or numbers, in their own units; valid
     *     during the call
     */
    void accept(Batch batch, float[] probabilities);
  }

  /**
   * Networks that are ready to answer.
   *
   * @param models of images of one shape and with the same classes, at least one
   * @param dropoutSamples predictions of each with dropout; 0 for one without
   * @param threads that a network computes with, at least 1
   */
  public MemberNetworks(
      List<ModelArchive.Model> models,
      int dropoutSamples,
      Accelerator.Settings accelerator,
      int threads) {
    this.samples = dropoutSamples;
    this.classes = models.get(0).card().labels().size();
    this.networks = new ArrayList<>();
    NativeLibraries.load();
    for (ModelArchive.Model model : models) {
      networks.add(
          new Member(
              Accelerator.open(
                  Job.inference(model.network(), model.card().input(), threads), accelerator),
              model.card().normalization(),
              model.card().numbers()));
    }
  }

  /** How many members answer: every sample of every network is one. */
  public int members() {
    return networks.size() * Math.max(1, samples);
  }

  /** How many classes they choose from. */
  public int classes() {
    return classes;
  }

  /**
   * Predicts examples with every member, in their order, without augmentation.
   *
   * @param from first position in {@code examples}
   * @param to position after the last one
   * @param batchSize examples at once, at least 1
   */
  public void predict(Examples examples, int from, int to, int batchSize, Sink sink) {
    int[] order = IntStream.range(from, to).toArray();
    float[] answers = new float[Math.min(batchSize, order.length) * members() * classes];
    try (BatchPipeline batches = new BatchPipeline(examples, order, 0, order.length, batchSize)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        for (int network = 0; network < networks.size(); network++) {
          ask(network, batch, answers);
        }
        sink.accept(batch, answers);
      }
    }
  }

  private void ask(int network, Batch batch, float[] answers) {
    Session session = networks.get(network).session();
    Images images = batch.images(networks.get(network).normalization());
    Optional<NumberScale> numbers = networks.get(network).numbers();
    if (numbers.isPresent()) {
      float[] outputs = session.outputs(images, batch.size());
      for (int i = 0; i < batch.size() * classes; i++) {
        outputs[i] = (float) numbers.get().number(i % classes, outputs[i]);
      }
      put(outputs, network, batch.size(), answers);
      return;
    }
    if (samples == 0) {
      put(session.probabilities(images, batch.size()), network, batch.size(), answers);
    }
    for (int sample = 0; sample < samples; sample++) {
      float[] sampled =
          session.sampledProbabilities(images, keys(network, sample, batch), batch.size());
      put(sampled, network * samples + sample, batch.size(), answers);
    }
  }

  /** The keys of an example do not depend on its shard or batch. */
  private static long[] keys(int network, int sample, Batch batch) {
    long[] keys = new long[batch.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = KeyedRandom.key(0, Purpose.DROPOUT_SAMPLE, network, sample, batch.ids()[i]);
    }
    return keys;
  }

  private void put(float[] probabilities, int member, int size, float[] answers) {
    for (int i = 0; i < size; i++) {
      System.arraycopy(
          probabilities, i * classes, answers, (i * members() + member) * classes, classes);
    }
  }

  /** Frees native memory. */
  @Override
  public void close() {
    networks.forEach(network -> network.session().close());
  }
}
