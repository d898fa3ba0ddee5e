package dev.convoy.worker.accelerator;

import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.LayerTable;
import dev.convoy.worker.graph.UnsupportedNetworkException;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.ParameterCount;
import dev.convoy.worker.onednn.CompiledNetwork;
import dev.convoy.worker.optimizer.Optimizers;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * What a worker takes to train a network, in bytes, told before it is made. Parameters, gradients
 * and values are in native memory, the optimizer's arrays on the Java heap.
 *
 * @param parameters all of them, in float32, running statistics too
 * @param gradients as many, where all are kept until a step is taken; else 0
 * @param optimizerState the arrays that the rule keeps
 * @param values results of the layers and their gradients, and what is computed with, for a batch
 */
public record TrainingMemory(long parameters, long gradients, long optimizerState, long values) {
  /**
   * Of a network on the CPU.
   *
   * @param optimizer the update rule
   * @param batchSize images in a batch, at least 1
   * @param stepsBySegment whether a compiled network takes each parameter's step as soon as its
   *     gradient is known, and keeps no others
   * @throws UnsupportedNetworkException if a layer is not known, so that nothing can be told
   */
  public static TrainingMemory of(
      ComputationGraphConfiguration configuration,
      InputShape input,
      ComponentSettings optimizer,
      int batchSize,
      Accelerator.Settings settings,
      boolean stepsBySegment)
      throws UnsupportedNetworkException {
    TrainingMemory rough = roughly(configuration, input, optimizer, batchSize);
    return settings.compiled() && CompiledNetwork.problem().isEmpty()
        ? new TrainingMemory(
            rough.parameters,
            stepsBySegment ? 0 : rough.gradients,
            rough.optimizerState,
            CompiledNetwork.trainingBytes(
                configuration,
                input,
                batchSize,
                settings.precision(),
                settings.recomputes(),
                stepsBySegment))
        : rough;
  }

  /**
   * The same at once, without planning a step: as if all results were kept, and gradients of as
   * much, as Deeplearning4j's own layers do. A compiled network mostly takes less.
   *
   * @throws UnsupportedNetworkException if a layer is not known, so that nothing can be told
   */
  public static TrainingMemory roughly(
      ComputationGraphConfiguration configuration,
      InputShape input,
      ComponentSettings optimizer,
      int batchSize)
      throws UnsupportedNetworkException {
    long parameters = (long) Float.BYTES * ParameterCount.of(configuration);
    int arrays = Optimizers.FAMILY.create(optimizer).arrays().size();
    long results = LayerTable.of(GraphReader.read(configuration, input)).bytes();
    return new TrainingMemory(
        parameters, parameters, arrays * parameters, 2L * batchSize * results);
  }

  /** Whether the gradients of all parameters are kept until a step is taken. */
  public boolean keepsGradients() {
    return gradients > 0;
  }

  /** Bytes outside the Java heap. */
  public long nativeBytes() {
    return parameters + gradients + values;
  }
}
