package dev.convoy.driver.cluster;

import dev.convoy.data.batch.Normalization;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.natives.InstructionSet;
import dev.convoy.worker.training.LocalTrainer;
import dev.convoy.worker.training.WorkerSettings;
import java.io.Serializable;

/**
 * A run's replicas of its network on executors, which are made where they are missing. Travels
 * there.
 *
 * @param owner whose they are
 * @param settings of workers
 * @param instructionSet that all executors compute with
 * @param mean of pixels, by channel
 * @param deviation of pixels, by channel
 */
record Replicas(
    long owner,
    WorkerSettings settings,
    InstructionSet instructionSet,
    float[] mean,
    float[] deviation)
    implements Serializable {

  /** Does work with a replica on this executor. */
  <T> T compute(ReplicaPool.Work<LocalTrainer, T> work) throws Exception {
    return NetworkGuard.compute(
        () -> GpuLeases.here().with(settings.accelerator(), device -> compute(device, work)));
  }

  private <T> T compute(Accelerator.Settings device, ReplicaPool.Work<LocalTrainer, T> work)
      throws Exception {
    return ExecutorState.get()
        .replicas()
        .with(new ReplicaPool.Key(owner, device.gpu().address()), () -> create(device), work);
  }

  private LocalTrainer create(Accelerator.Settings device) {
    ExecutorInstructions.require(instructionSet);
    return LocalTrainer.undrawn(settings.with(device));
  }

  /** Of pixels. */
  Normalization normalization() {
    return Normalization.of(mean, deviation);
  }
}
