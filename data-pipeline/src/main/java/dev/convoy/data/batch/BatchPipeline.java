package dev.convoy.data.batch;

import dev.convoy.data.Cancellation;
import dev.convoy.data.ImageShape;
import dev.convoy.data.augment.Augmentations;
import dev.convoy.data.augment.AugmentedBatch;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.data.shard.Examples;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;

/**
 * The batches of one round on the examples of one shard, assembled one step ahead on a thread of
 * its own: gather, augment, mix; files are decoded by all cores. What a batch holds depends on the
 * arguments alone, never on timing.
 *
 * <p>{@link #next} and {@link #close} are for one consuming thread. Their shard must stay open
 * until {@link #close}, which stops the thread.
 */
public final class BatchPipeline implements AutoCloseable {
  /** One batch is with the consumer while the other is assembled. */
  private static final int BUFFERS = 2;

  private final Examples examples;
  private final int[] order;
  private final int from;
  private final int to;
  private final int batchSize;
  private final Augmentations augmentations;
  private final long seed;
  private final int epoch;
  private final ShardTargets targets;

  private final BlockingQueue<Batch> free = new ArrayBlockingQueue<>(BUFFERS);
  private final BlockingQueue<Step> assembled = new ArrayBlockingQueue<>(BUFFERS + 1);
  private final Thread assembler;
  private Batch taken;
  private Step last;
  private long waitedNanos;

  /**
   * Starts assembling examples as they are.
   *
   * @param order positions in {@code examples}; not copied, not changed
   * @param from first index into {@code order}
   * @param to index after the last one
   * @param batchSize examples per batch, at least 1; the last batch may be smaller
   */
  public BatchPipeline(Examples examples, int[] order, int from, int to, int batchSize) {
    this(examples, ShardTargets.labels(0), order, from, to, batchSize, Augmentations.none(), 0, 0);
  }

  /**
   * Starts assembling examples for training.
   *
   * @param targets what is to be learned of the examples
   * @param order positions in {@code examples}, from {@link EpochPlan#permutation}; not copied, not
   *     changed
   * @param from first index into {@code order}
   * @param to index after the last one
   * @param batchSize examples per batch, at least 1; the last batch may be smaller
   * @param seed the run's seed; augmentations are keyed by it, {@code epoch}, the example's id and
   *     which copy of it it is; those of a batch by its first example's
   */
  public BatchPipeline(
      Examples examples,
      ShardTargets targets,
      int[] order,
      int from,
      int to,
      int batchSize,
      Augmentations augmentations,
      long seed,
      int epoch) {
    Objects.checkFromToIndex(from, to, order.length);
    ImageShape shape = examples.input();
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "Cannot assemble batches: expected a batch size of at least 1, found " + batchSize + ".");
    }
    this.examples = examples;
    this.targets = targets;
    this.order = order;
    this.from = from;
    this.to = to;
    this.batchSize = batchSize;
    this.augmentations = augmentations;
    this.seed = seed;
    this.epoch = epoch;
    int capacity = Math.min(batchSize, to - from);
    int classes = targets.areLabels() && !augmentations.changeBatches() ? 0 : targets.classes();
    int buffers = to - from > batchSize ? BUFFERS : 1;
    for (int i = 0; i < buffers; i++) {
      free.add(new Batch(capacity, shape, classes));
    }
    assembler = new Thread(this::assembleAll, "convoy-batches");
    assembler.setDaemon(true);
    assembler.start();
  }

  /**
   * The next batch, valid until this method is called again, or null after the last one.
   *
   * @throws CancellationException when the calling thread is interrupted, which it stays, or when
   *     the process is ending
   * @throws RuntimeException whatever assembling the batch threw
   */
  public Batch next() {
    Cancellation.check();
    if (taken != null) {
      free.add(taken);
      taken = null;
    }
    if (last == null) {
      Step step = await();
      if (step.batch() != null) {
        taken = step.batch();
        return taken;
      }
      last = step;
    }
    last.rethrowFailure();
    return null;
  }

  /** How long {@link #next} has waited for batches, all calls together, in nanoseconds. */
  public long waitedNanos() {
    return waitedNanos;
  }

  /** Stops the assembling thread and waits until it is gone; later calls do nothing. */
  @Override
  public void close() {
    assembler.interrupt();
    boolean interrupted = false;
    while (assembler.isAlive()) {
      try {
        assembler.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Step await() {
    long start = System.nanoTime();
    try {
      return assembled.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled =
          new CancellationException("Interrupted while waiting for a batch.");
      cancelled.initCause(e);
      throw cancelled;
    } finally {
      waitedNanos += System.nanoTime() - start;
    }
  }

  private void assembleAll() {
    try {
      for (int start = from; start < to; start += batchSize) {
        Batch batch = free.take();
        assemble(batch, start, Math.min(batchSize, to - start));
        assembled.put(Step.of(batch));
      }
      assembled.put(Step.END);
    } catch (InterruptedException e) {
      // Closed. Ends the thread; leaves a mark for a consumer that asks nevertheless.
      assembled.offer(Step.failed(new CancellationException("The batch pipeline is closed.")));
    } catch (Throwable e) {
      // There is always room: at most BUFFERS batches are on their way.
      assembled.add(Step.failed(e));
    }
  }

  private void assemble(Batch batch, int start, int size) throws InterruptedException {
    boolean encoded = false;
    for (int i = 0; i < size; i++) {
      encoded |= examples.isEncoded(order[start + i]);
    }
    if (encoded) {
      // Every example has its own random numbers, and its own place in the batch.
      ParallelLoop.run(size, i -> place(batch, i, order[start + i]));
    } else {
      for (int i = 0; i < size; i++) {
        place(batch, i, order[start + i]);
      }
    }
    batch.resize(size);
    if (augmentations.changeBatches()) {
      augmentations.apply(
          new AugmentedBatch(
              size,
              examples.input(),
              batch.pixels(),
              targets.classes(),
              batch.distributions(),
              batch.weights(),
              batch.ids()),
          randomness(Purpose.BATCH_AUGMENTATION, order[start]));
    }
  }

  private void place(Batch batch, int i, int position) {
    ImageShape input = examples.input();
    if (augmentations.changeImages() || !examples.shape(position).equals(input)) {
      KeyedRandom random = randomness(Purpose.AUGMENTATION, position);
      augmentations.apply(
          examples.picture(position), input, random, batch.pixels(), i * input.size());
    } else {
      examples.pixels(position, batch.pixels(), i * input.size());
    }
    batch.labels()[i] = examples.label(position);
    batch.ids()[i] = examples.id(position);
    batch.weights()[i] = examples.weight(position);
    if (batch.distributions() != null) {
      targets.copy(position, batch.labels()[i], batch.distributions(), i * targets.classes());
    }
  }

  /** Copies of an example in one epoch are changed differently. */
  private KeyedRandom randomness(Purpose purpose, int position) {
    int id = examples.id(position);
    int copy = examples.copy(position);
    return copy == 0
        ? KeyedRandom.of(seed, purpose, epoch, id)
        : KeyedRandom.of(seed, purpose, epoch, id, copy);
  }

  /** What the assembler hands over: a batch, a failure, or neither at the end. */
  private record Step(Batch batch, Throwable failure) {
    static final Step END = new Step(null, null);

    static Step of(Batch batch) {
      return new Step(batch, null);
    }

    static Step failed(Throwable failure) {
      return new Step(null, failure);
    }

    void rethrowFailure() {
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      if (failure instanceof Error error) {
        throw error;
      }
    }
  }
}
