package dev.convoy.worker.backend;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.optimizer.StepNorms;
import dev.convoy.worker.schedule.StepRates;
import java.util.Optional;

/**
 * One network that classifies images, at the place where it is computed. Its parameters, the
 * optimizer's state and the gradients live there; a batch brings images and targets and nothing
 * else.
 *
 * <p>Runs on executors. Used by one thread at a time, not always the same one.
 */
public interface Session extends Inference {
  /**
   * Replaces the parameters and the optimizer's state.
   *
   * @param parameters flat, in the network's order, as many as the network has; not changed
   * @param optimizerState empty for the state before the first step; not changed
   */
  void load(float[] parameters, float[] optimizerState);

  /**
   * Takes one step on a batch: forward in training, backward, update.
   *
   * @param size images in the batch, at least 1
   * @param key what the step's dropout masks and noise are drawn from
   * @param rates what schedules give to the step
   * @return the mean loss before the step
   */
  double train(Images images, Targets targets, int size, long key, StepRates rates);

  /**
   * The same step to the last bit, which may not be done yet when the call returns; its loss counts
   * in {@link #takeLossSum}. Images and targets may be changed afterwards.
   */
  void queue(Images images, Targets targets, int size, long key, StepRates rates);

  /**
   * The sum over all images of their losses in the steps that were queued, as of the last time that
   * it was asked for; waits for the steps.
   */
  double takeLossSum();

  /** The same step to the last bit, measured, for which it takes a little longer. */
  Measured trainMeasured(Images images, Targets targets, int size, long key, StepRates rates);

  /**
   * A step that was measured.
   *
   * @param loss the mean loss before it, in nats
   * @param norms of it
   */
  record Measured(double loss, StepNorms norms) {}

  /**
   * Computes the gradient of a batch that a step would take, and takes none.
   *
   * @param size images in the batch, at least 1
   * @param key as in {@link #train}
   * @param rates what schedules give to the step
   * @return the gradient
   */
  Gradient gradient(Images images, Targets targets, int size, long key, StepRates rates);

  /**
   * The gradient of a batch.
   *
   * @param loss the mean loss of the batch
   * @param values the mean over the images, flat, in the network's order; where parameters are
   *     running statistics, what the batch would take off them
   */
  record Gradient(double loss, float[] values) {}

  /**
   * Takes one step with a gradient that may be of several batches.
   *
   * @param gradient as {@link Gradient#values}; not changed
   */
  StepNorms step(float[] gradient, StepRates rates, long key);

  /** A copy of the parameters, flat, in the network's order. */
  float[] parameters();

  /** How many values the optimizer's state has. */
  int optimizerStateLength();

  /** A copy of the optimizer's state; empty if it has none. */
  float[] optimizerState();

  /**
   * Begins to measure the running statistics of batch normalisation anew; empty if there are none.
   */
  Optional<StatisticsMeasurement> measureStatistics();
}
