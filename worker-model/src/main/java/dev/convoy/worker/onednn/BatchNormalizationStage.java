package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.BatchNormalizationNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;

/**
 * Batch normalisation of images or vectors, and a relu of the result if wanted: by the batch's
 * statistics in training, by the running ones in inference, and always where it is frozen.
 */
final class BatchNormalizationStage implements Stage<Plan, Tensor> {
  private static final String SCALE = BatchNormalizationParamInitializer.GAMMA;
  private static final String SHIFT = BatchNormalizationParamInitializer.BETA;
  private static final String MEAN = BatchNormalizationParamInitializer.GLOBAL_MEAN;
  private static final String VARIANCE = BatchNormalizationParamInitializer.GLOBAL_VAR;

  private final BatchNormalizationNode node;
  private final memory.desc perChannel;
  private final Tensor given;
  private final Tensor input;
  private final batch_normalization_forward.primitive_desc forward;
  private final Tensor output;
  private final Tensor result;
  private final Running running;
  private final Tensor mean;
  private final Tensor variance;
  private final Tensor workspace;

  /**
   * The parameters and running statistics, read channel by channel.
   *
   * @param gamma scales
   * @param beta shifts
   */
  record Running(Tensor gamma, Tensor beta, Tensor means, Tensor variances, double epsilon) {
    static Running of(BatchNormalizationNode node, Plan plan) {
      memory.desc perChannel = OneDnn.plainLayout(node.channels());
      return new Running(
          plan.parameter(node.layer(), SCALE, perChannel),
          plan.parameter(node.layer(), SHIFT, perChannel),
          plan.parameter(node.layer(), MEAN, perChannel),
          plan.parameter(node.layer(), VARIANCE, perChannel),
          node.epsilon());
    }

    double scale(int channel) {
      return gamma.values().get(channel) / Math.sqrt(variances.values().get(channel) + epsilon);
    }

    double shift(int channel) {
      return beta.values().get(channel);
    }

    double mean(int channel) {
      return means.values().get(channel);
    }
  }

  BatchNormalizationStage(BatchNormalizationNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    given = inputs.get(0);
    input = SmallImages.of(given, plan);
    perChannel = OneDnn.plainLayout(node.channels());
    boolean training = plan.isTraining();
    boolean takesStatistics = training && !node.frozen();
    forward =
        new batch_normalization_forward.primitive_desc(
            new batch_normalization_forward.desc(
                training ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference,
                input.layout(),
                node.epsilon(),
                flags(takesStatistics)),
            OneDnn.attributes(),
            OneDnn.cpu());
    running = Running.of(node, plan);
    mean = takesStatistics ? plan.allocate(perChannel) : running.means();
    variance = takesStatistics ? plan.allocate(perChannel) : running.variances();
    output = plan.allocate(input.layout());
    result = SmallImages.like(given, output, plan);
    memory.desc signs = forward.workspace_desc();
    workspace = signs.get_size() > 0 ? plan.allocate(signs) : null;
    Map<Integer, Tensor> arguments = commonArguments();
    arguments.put(dnnl.DNNL_ARG_DST, output);
    plan.add(new batch_normalization_forward(forward), forward, arguments);
    if (takesStatistics) {
      addRunningStatistic(plan, MEAN, running.means(), mean);
      addRunningStatistic(plan, VARIANCE, running.variances(), variance);
    }
  }

  private int flags(boolean takesStatistics) {
    return (takesStatistics ? 0 : dnnl.dnnl_use_global_stats)
        | dnnl.dnnl_use_scale
        | dnnl.dnnl_use_shift
        | (node.activation().isNone() ? 0 : dnnl.dnnl_fuse_norm_relu);
  }

  private Map<Integer, Tensor> commonArguments() {
    Map<Integer, Tensor> arguments = new TreeMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, input);
    arguments.put(dnnl.DNNL_ARG_MEAN, mean);
    arguments.put(dnnl.DNNL_ARG_VARIANCE, variance);
    arguments.put(dnnl.DNNL_ARG_SCALE, running.gamma());
    arguments.put(dnnl.DNNL_ARG_SHIFT, running.beta());
    if (workspace != null) {
      arguments.put(dnnl.DNNL_ARG_WORKSPACE, workspace);
    }
    return arguments;
  }

  /**
   * Leaves what is to be taken off a running statistic where its gradient would be, as
   * Deeplearning4j does: (1 - decay) (running - batch).
   */
  private void addRunningStatistic(Plan plan, String parameter, Tensor statistic, Tensor batch) {
    Tensor change = plan.parameterGradient(node.layer(), parameter, perChannel);
    float share = 1 - node.decay();
    plan.add(
        () -> {
          FloatPointer running = statistic.values();
          FloatPointer measured = batch.values();
          FloatPointer changes = change.values();
          for (long channel = 0; channel < node.channels(); channel++) {
            changes.put(channel, share * (running.get(channel) - measured.get(channel)));
          }
        },
        statistic,
        batch,
        change);
  }

  @Override
  public Tensor output() {
    return result;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    var description =
        new batch_normalization_backward.primitive_desc(
            new batch_normalization_backward.desc(
                dnnl.dnnl_backward,
                input.layout(),
                input.layout(),
                node.epsilon(),
                flags(!node.frozen())),
            OneDnn.attributes(),
            OneDnn.cpu(),
            forward);
    Tensor outputGradient = plan.inLayout(SmallImages.of(gradient, plan), input.layout());
    Tensor inputGradient = plan.allocate(input.layout());
    plan.mayOverwrite(outputGradient, inputGradient);
    Map<Integer, Tensor> arguments = commonArguments();
    arguments.put(dnnl.DNNL_ARG_DIFF_DST, outputGradient);
    arguments.put(dnnl.DNNL_ARG_DIFF_SRC, inputGradient);
    arguments.put(
        dnnl.DNNL_ARG_DIFF_SCALE, plan.parameterGradient(node.layer(), SCALE, perChannel));
    arguments.put(
        dnnl.DNNL_ARG_DIFF_SHIFT, plan.parameterGradient(node.layer(), SHIFT, perChannel));
    plan.add(new batch_normalization_backward(description), description, arguments);
    gradients.add(node.inputs().get(0), SmallImages.like(given, inputGradient, plan));
  }
}
