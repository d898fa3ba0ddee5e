package dev.convoy.worker.accelerator.compiled;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;

/**
 * Batch normalisation of images (Ioffe and Szegedy 2015), and a relu of the result if wanted: by
 * the batch's statistics in training, by the running ones in inference.
 *
 * @param layer whose parameters {@code gamma}, {@code beta}, {@code mean} and {@code var}
 *     [channels] are used
 * @param decay the running statistics' share that a batch leaves
 */
record Normalization(
    String name,
    List<String> inputs,
    String layer,
    long channels,
    float epsilon,
    float decay,
    Activation activation)
    implements Operation.Activated {

  private static final String SCALE = BatchNormalizationParamInitializer.GAMMA;
  private static final String SHIFT = BatchNormalizationParamInitializer.BETA;
  private static final String MEAN = BatchNormalizationParamInitializer.GLOBAL_MEAN;
  private static final String VARIANCE = BatchNormalizationParamInitializer.GLOBAL_VAR;

  @Override
  public Normalization reading(List<String> others) {
    return new Normalization(name, others, layer, channels, epsilon, decay, activation);
  }

  @Override
  public Normalization activated(String newName, Activation function) {
    return new Normalization(newName, inputs, layer, channels, epsilon, decay, function);
  }

  /** What inference needs of the layer's parameters. */
  Running running(ParameterMemory parameters) {
    memory.desc perChannel = OneDnn.plainLayout(channels);
    return new Running(
        parameters.values(layer, SCALE, perChannel),
        parameters.values(layer, SHIFT, perChannel),
        parameters.values(layer, MEAN, perChannel),
        parameters.values(layer, VARIANCE, perChannel),
        epsilon);
  }

  /** The parameters and running statistics, read channel by channel. */
  record Running(Tensor gamma, Tensor beta, Tensor means, Tensor variances, double epsilon) {
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

  @Override
  public Operation.Stage forward(Plan plan, List<Tensor> tensors) {
    return new Stage(plan, tensors.get(0));
  }

  private final class Stage implements Operation.Stage {
    private final memory.desc perChannel = OneDnn.plainLayout(channels);
    private final Tensor input;
    private final batch_normalization_forward.primitive_desc forward;
    private final Tensor output;
    private final Tensor scale;
    private final Tensor shift;
    private final Tensor mean;
    private final Tensor variance;
    private final Tensor workspace;

    Stage(Plan plan, Tensor input) {
      this.input = input;
      boolean training = plan.isTraining();
      forward =
          new batch_normalization_forward.primitive_desc(
              new batch_normalization_forward.desc(
                  training ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference,
                  input.layout(),
                  epsilon,
                  flags() | (training ? 0 : dnnl.dnnl_use_global_stats)),
              OneDnn.attributes(),
              OneDnn.cpu());
      ParameterMemory parameters = plan.parameters();
      scale = parameters.values(layer, SCALE, perChannel);
      shift = parameters.values(layer, SHIFT, perChannel);
      Tensor runningMean = parameters.values(layer, MEAN, perChannel);
      Tensor runningVariance = parameters.values(layer, VARIANCE, perChannel);
      mean = training ? plan.allocate(perChannel) : runningMean;
      variance = training ? plan.allocate(perChannel) : runningVariance;
      output = plan.allocate(input.layout());
      memory.desc signs = forward.workspace_desc();
      workspace = signs.get_size() > 0 ? plan.allocate(signs) : null;
      Map<Integer, Tensor> arguments = commonArguments();
      arguments.put(dnnl.DNNL_ARG_DST, output);
      plan.add(new batch_normalization_forward(forward), forward, arguments);
      if (training) {
        plan.add(
            new RunningStatistic(
                runningMean, mean, parameters.gradient(layer, MEAN, perChannel), decay));
        plan.add(
            new RunningStatistic(
                runningVariance,
                variance,
                parameters.gradient(layer, VARIANCE, perChannel),
                decay));
      }
    }

    private int flags() {
      return dnnl.dnnl_use_scale
          | dnnl.dnnl_use_shift
          | (activation.isNone() ? 0 : dnnl.dnnl_fuse_norm_relu);
    }

    private Map<Integer, Tensor> commonArguments() {
      Map<Integer, Tensor> arguments = new TreeMap<>();
      arguments.put(dnnl.DNNL_ARG_SRC, input);
      arguments.put(dnnl.DNNL_ARG_MEAN, mean);
      arguments.put(dnnl.DNNL_ARG_VARIANCE, variance);
      arguments.put(dnnl.DNNL_ARG_SCALE, scale);
      arguments.put(dnnl.DNNL_ARG_SHIFT, shift);
      if (workspace != null) {
        arguments.put(dnnl.DNNL_ARG_WORKSPACE, workspace);
      }
      return arguments;
    }

    @Override
    public Tensor output() {
      return output;
    }

    @Override
    public void backward(Plan plan, Tensor gradient, Gradients gradients) {
      Tensor resultGradient = plan.inLayout(gradient, input.layout());
      plan.release(gradient);
      var description =
          new batch_normalization_backward.primitive_desc(
              new batch_normalization_backward.desc(
                  dnnl.dnnl_backward, input.layout(), input.layout(), epsilon, flags()),
              OneDnn.attributes(),
              OneDnn.cpu(),
              forward);
      Tensor inputGradient = plan.allocate(input.layout());
      Map<Integer, Tensor> arguments = commonArguments();
      arguments.put(dnnl.DNNL_ARG_DIFF_DST, resultGradient);
      arguments.put(dnnl.DNNL_ARG_DIFF_SRC, inputGradient);
      arguments.put(dnnl.DNNL_ARG_DIFF_SCALE, plan.parameters().gradient(layer, SCALE, perChannel));
      arguments.put(dnnl.DNNL_ARG_DIFF_SHIFT, plan.parameters().gradient(layer, SHIFT, perChannel));
      plan.add(new batch_normalization_backward(description), description, arguments);
      plan.release(resultGradient);
      gradients.add(inputs.get(0), inputGradient);
    }
  }

  /**
   * Leaves what is to be taken off a running statistic where its gradient would be, as
   * Deeplearning4j does: (1 - decay) (running - batch).
   */
  private record RunningStatistic(Tensor running, Tensor batch, Tensor change, float decay)
      implements Runnable {
    @Override
    public void run() {
      long channels = running.size();
      for (long channel = 0; channel < channels; channel++) {
        float difference = running.values().get(channel) - batch.values().get(channel);
        change.values().put(channel, (1 - decay) * difference);
      }
    }
  }
}
