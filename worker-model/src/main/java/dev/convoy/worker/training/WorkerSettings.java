package dev.convoy.worker.training;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.random.KeyedRandom;
import dev.convoy.data.random.Purpose;
import dev.convoy.worker.accelerator.Accelerator;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import dev.convoy.worker.optimizer.OptimizerSettings;
import java.io.Serializable;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Everything about a run that a worker needs to know and that never changes in it.
 *
 * @param seed the run's seed
 * @param model which network
 * @param loss what it learns with; a member of {@link dev.convoy.worker.loss.Losses#FAMILY}
 * @param input its input and the number of classes
 * @param optimizer its update rule
 * @param augmentations applied in this order to training images
 * @param batches how an epoch is cut
 * @param accelerator which layers run on native kernels
 * @param dataInitialization what becomes of its first parameters on its first batch; a member of
 *     {@link DataInitializations#FAMILY}
 */
public record WorkerSettings(
    long seed,
    ComponentSettings model,
    ComponentSettings loss,
    InputShape input,
    OptimizerSettings optimizer,
    List<ComponentSettings> augmentations,
    Batches batches,
    Accelerator.Settings accelerator,
    ComponentSettings dataInitialization)
    implements Serializable {

  /** Copies the augmentations. */
  public WorkerSettings {
    augmentations = List.copyOf(augmentations);
  }

  /** The network with the parameters that a run of the seed begins with. */
  public ComputationGraph drawn() {
    return Models.create(model, loss, input, KeyedRandom.key(seed, Purpose.INITIALIZATION));
  }

  /** The network without weights, frozen where the run's is. */
  ComputationGraph undrawn() {
    return Models.undrawn(model, loss, input, optimizer.layers()::frozenLayers);
  }

  /** The same on another device. */
  public WorkerSettings with(Accelerator.Settings other) {
    return new WorkerSettings(
        seed, model, loss, input, optimizer, augmentations, batches, other, dataInitialization);
  }

  /** The same with another optimizer. */
  public WorkerSettings with(OptimizerSettings other) {
    return new WorkerSettings(
        seed, model, loss, input, other, augmentations, batches, accelerator, dataInitialization);
  }

  /**
   * How an epoch is cut.
   *
   * @param size examples in a batch on one worker, at least 1
   * @param epochs in the run when nothing stops it early, at least 1
   * @param threads that a worker computes with, at least 1
   * @param repeats how many examples one after the other are the same, at least 1
   */
  public record Batches(int size, int epochs, int threads, int repeats) implements Serializable {}
}
