package dev.convoy.driver.averaging;

import dev.convoy.worker.training.TrainedShard;
import java.util.Optional;
import java.util.function.Function;

/** A reduction of gradients, with whose mean a step is then taken. Driver only. */
public final class SteppedReduction implements Reduction {
  private final Reduction gradients;
  private final Function<AveragedModel, Stepped> step;
  private Optional<float[]> groupNorms = Optional.empty();

  /**
   * Before the first result.
   *
   * @param gradients makes their mean
   * @param step from the mean to the next model; it also frees the mean
   */
  public SteppedReduction(Reduction gradients, Function<AveragedModel, Stepped> step) {
    this.gradients = gradients;
    this.step = step;
  }

  /**
   * What a step came to.
   *
   * @param model the next one
   * @param groupNorms as {@link Reduction#groupNorms}
   */
  public record Stepped(AveragedModel model, float[] groupNorms) {}

  @Override
  public void add(TrainedShard result) {
    gradients.add(result);
  }

  @Override
  public AveragedModel end() {
    Stepped stepped = step.apply(gradients.end());
    groupNorms = Optional.of(stepped.groupNorms());
    return stepped.model();
  }

  @Override
  public Optional<float[]> groupNorms() {
    return groupNorms;
  }
}
