package dev.convoy.driver.cluster;

import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.worker.ensemble.MemberNetworks;
import dev.convoy.worker.training.LocalTrainer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What stays on an executor between tasks: packed shards and idle replicas. One per JVM.
 *
 * <p>Nothing here decides a result: a shard is rebuilt from its listing, and a replica is given its
 * parameters with every round, so a lost executor costs time alone.
 */
final class ExecutorState {
  private static final ExecutorState INSTANCE = new ExecutorState();

  private final Map<String, Slot> shards = new ConcurrentHashMap<>();
  private final Idle<LocalTrainer> replicas = new Idle<>(LocalTrainer::close);
  private final Map<String, Distributions> targets = new ConcurrentHashMap<>();
  private final Idle<MemberNetworks> members = new Idle<>(MemberNetworks::close);
  private MemoryBudget budget;

  private ExecutorState() {}

  static ExecutorState get() {
    return INSTANCE;
  }

  /** Packs a shard. */
  interface Packer {
    Shard pack(MemoryBudget budget) throws IOException;
  }

  /** A place for one shard; the lock on it keeps two tasks from packing the same one. */
  private static final class Slot {
    private Shard shard;

    synchronized void close() {
      if (shard != null) {
        shard.close();
        shard = null;
      }
    }
  }

  /** The shard of that key, packed by the first task that asks for it. */
  Shard shard(String key, double memoryFraction, Packer packer) throws IOException {
    Slot slot = shards.computeIfAbsent(key, ignored -> new Slot());
    synchronized (slot) {
      if (slot.shard == null) {
        slot.shard = packer.pack(budget(memoryFraction));
      }
      return slot.shard;
    }
  }

  /** A place for what an ensemble says of one shard; the lock on it lets one task ask. */
  private static final class Distributions {
    private float[] values;
  }

  /** What is asked of an ensemble. */
  interface Question {
    float[] ask() throws Exception;
  }

  /** The distributions of that key, computed by the first task that asks for them. */
  float[] targets(String key, Question question) throws Exception {
    Distributions place = targets.computeIfAbsent(key, ignored -> new Distributions());
    synchronized (place) {
      if (place.values == null) {
        place.values = question.ask();
      }
      return place.values;
    }
  }

  /** Frees the distributions whose key begins with {@code prefix}. */
  void releaseTargets(String prefix) {
    targets.keySet().removeIf(key -> key.startsWith(prefix));
  }

  /** What there is for decoded images on this executor. */
  synchronized MemoryBudget budget(double memoryFraction) {
    if (budget == null) {
      budget = new MemoryBudget((long) (memoryFraction * Runtime.getRuntime().maxMemory()));
    }
    return budget;
  }

  /** Replicas of networks in training, by their run. */
  Idle<LocalTrainer> replicas() {
    return replicas;
  }

  /** Members of ensembles that are asked, by the ensemble. */
  Idle<MemberNetworks> members() {
    return members;
  }

  /** Frees the shards whose key begins with {@code prefix}. */
  void releaseShards(String prefix) {
    for (String key : List.copyOf(shards.keySet())) {
      Slot slot = key.startsWith(prefix) ? shards.remove(key) : null;
      if (slot != null) {
        slot.close();
      }
    }
  }
}
