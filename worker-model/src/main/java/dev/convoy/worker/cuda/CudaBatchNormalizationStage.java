package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.BatchNormalizationNode;
import java.util.List;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;

/**
 * Batch normalisation of images or vectors, and a relu of the result if wanted: by the batch's
 * statistics in training, by the running ones in inference, and always where it is frozen.
 */
final class CudaBatchNormalizationStage implements Stage<CudaPlan, DeviceTensor> {
  private static final String SCALE = BatchNormalizationParamInitializer.GAMMA;
  private static final String SHIFT = BatchNormalizationParamInitializer.BETA;
  private static final String MEAN = BatchNormalizationParamInitializer.GLOBAL_MEAN;
  private static final String VARIANCE = BatchNormalizationParamInitializer.GLOBAL_VAR;

  private final BatchNormalizationNode node;
  private final DeviceTensor input;
  private final DeviceTensor output;
  private final boolean takesStatistics;
  private final Address means;
  private final DeviceTensor inverses;
  private final int relu;

  CudaBatchNormalizationStage(
      BatchNormalizationNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    input = inputs.get(0);
    output = plan.allocate(input.shape());
    relu = node.activation().isNone() ? 0 : 1;
    takesStatistics = plan.isTraining() && !node.frozen();
    inverses = plan.floats(input.channels());
    means = takesStatistics ? measured(plan) : running(plan);
    plan.launch(
        "normalize",
        input.type(),
        Grid.of(input.size() / input.type().pack()),
        input,
        means,
        inverses,
        parameter(plan, SCALE),
        parameter(plan, SHIFT),
        output,
        input.size(),
        input.channels(),
        relu);
  }

  private Address parameter(CudaPlan plan, String name) {
    return plan.network().value(node.layer(), name);
  }

  private Address gradient(CudaPlan plan, String name) {
    return plan.network().gradient(node.layer(), name);
  }

  /**
   * Statistics of the batch. What is to be taken off the running ones is left where their gradients
   * would be: (1 - decay) (running - batch).
   */
  private Address measured(CudaPlan plan) {
    DeviceTensor batchMeans = plan.floats(input.channels());
    Columns columns = new Columns(plan, input, 2);
    columns.sum("statistics", input);
    plan.launch(
        "finish_statistics",
        input.type(),
        columns.finishingGrid(),
        input,
        columns.strips(),
        columns.count(),
        input.rows(),
        input.channels(),
        node.epsilon(),
        1 - node.decay(),
        parameter(plan, MEAN),
        parameter(plan, VARIANCE),
        batchMeans,
        inverses,
        gradient(plan, MEAN),
        gradient(plan, VARIANCE));
    return batchMeans;
  }

  private Address running(CudaPlan plan) {
    plan.launch(
        "inverse_deviations",
        Grid.of(input.channels()),
        parameter(plan, VARIANCE),
        inverses,
        input.channels(),
        node.epsilon());
    return parameter(plan, MEAN);
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    List<Object> known =
        List.of(input, gradient, means, inverses, parameter(plan, SCALE), parameter(plan, SHIFT));
    Columns columns = new Columns(plan, input, 2);
    columns.sumWith("gradient_sums", known, List.of(relu));
    DeviceTensor coefficients = plan.floats(2L * input.channels());
    plan.launch(
        "finish_gradient_sums",
        columns.finishingGrid(),
        columns.strips(),
        columns.count(),
        input.rows(),
        input.channels(),
        inverses,
        gradient(plan, SCALE),
        gradient(plan, SHIFT),
        coefficients);
    String source = node.inputs().get(0);
    if (gradients.areWanted(source)) {
      DeviceTensor ofInput = plan.allocate(input.shape());
      plan.mayOverwrite(gradient, ofInput);
      plan.launch(
          "normalization_gradient",
          input.type(),
          Grid.of(input.size() / input.type().pack()),
          input,
          gradient,
          means,
          inverses,
          parameter(plan, SCALE),
          parameter(plan, SHIFT),
          takesStatistics ? coefficients : Address.NONE,
          ofInput,
          input.size(),
          input.channels(),
          relu);
      gradients.add(source, ofInput);
    }
  }
}
