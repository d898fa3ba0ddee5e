package dev.convoy.driver.cluster;

import dev.convoy.data.shard.MemoryBudget;
import dev.convoy.data.shard.Shard;
import dev.convoy.worker.ensemble.MemberNetworks;
import dev.convoy.worker.training.LocalTrainer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * What stays on an executor between tasks: packed shards, idle replicas, targets of distillation.
 * One per JVM.
 *
 * <p>Nothing here decides a result: a shard is rebuilt from its listing, and a replica is given its
 * parameters with every round, so a lost executor costs time alone.
 *
 * <p>All of it has an owner. Every task brings along which owners are still there, and before it
 * begins the executor frees what the others left: also where no task that was sent to free
 * something found room, and after a task that ran on when nobody waited for it.
 */
final class ExecutorState {
  private static final String LIVE_OWNERS = "convoy.live-owners";
  private static final ExecutorState INSTANCE = new ExecutorState();

  private final ShardCache shards = new ShardCache(this::isReleased);
  private final ReplicaPool<LocalTrainer> replicas =
      new ReplicaPool<>(this::isReleased, LocalTrainer::close);
  private final ReplicaPool<MemberNetworks> members =
      new ReplicaPool<>(this::isReleased, MemberNetworks::close);
  private final Map<ShardCache.Key, Distributions> targets = new HashMap<>();
  private volatile LiveOwners owners = LiveOwners.UNKNOWN;
  private MemoryBudget budget;

  ExecutorState() {}

  /** This executor's, after it has freed what the running task says has no owner any more. */
  static ExecutorState get() {
    TaskContext task = TaskContext.get();
    if (task != null) {
      INSTANCE.retain(LiveOwners.parse(task.getLocalProperty(LIVE_OWNERS)));
    }
    return INSTANCE;
  }

  /** Has the tasks of the jobs that this thread submits say which owners there are. Driver only. */
  static void tellOwners(SparkContext context) {
    context.setLocalProperty(LIVE_OWNERS, Owners.live().text());
  }

  /** Frees what belongs to others, unless something later has been said before. */
  void retain(LiveOwners told) {
    synchronized (this) {
      if (!told.isLaterThan(owners)) {
        return;
      }
      owners = told;
    }
    shards.closeReleased();
    replicas.closeReleased();
    members.closeReleased();
    synchronized (targets) {
      targets.keySet().removeIf(key -> isReleased(key.owner()));
    }
  }

  private boolean isReleased(long owner) {
    return owners.haveReleased(owner);
  }

  /**
   * The shard of that key, packed by the first task that asks for it. It stays open until the task
   * of this thread ends.
   *
   * @param keep shards of that owner, at least 1
   */
  Shard shard(ShardCache.Key key, int keep, double memoryFraction, ShardCache.Source source)
      throws IOException {
    ShardCache.Lease lease = shards.lease(key, keep, budget(memoryFraction), source);
    TaskContext task = TaskContext.get();
    if (task == null) {
      lease.close();
    } else {
      TaskCompletionListener end = ended -> lease.close();
      task.addTaskCompletionListener(end);
    }
    return lease.shard();
  }

  /** The targets of one shard; its lock lets one task compute them. */
  private static final class Distributions {
    private float[] values;
  }

  /** Computes targets. */
  interface Question {
    float[] ask() throws Exception;
  }

  /** The distributions of that key, computed by the first task that asks for them. */
  float[] targets(ShardCache.Key key, Question question) throws Exception {
    Distributions place;
    synchronized (targets) {
      place =
          isReleased(key.owner())
              ? new Distributions()
              : targets.computeIfAbsent(key, ignored -> new Distributions());
    }
    synchronized (place) {
      if (place.values == null) {
        place.values = question.ask();
      }
      return place.values;
    }
  }

  /** What there is for decoded images on this executor. */
  synchronized MemoryBudget budget(double memoryFraction) {
    if (budget == null) {
      budget = new MemoryBudget((long) (memoryFraction * Runtime.getRuntime().maxMemory()));
    }
    return budget;
  }

  /** Replicas of networks in training, by their run. */
  ReplicaPool<LocalTrainer> replicas() {
    return replicas;
  }

  /** Members of ensembles that are asked, by the ensemble. */
  ReplicaPool<MemberNetworks> members() {
    return members;
  }
}
