package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.GroupNormalizationNode;
import dev.convoy.worker.model.layer.GroupNormalization;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;

/**
 * Group normalisation of images or vectors, and a relu of the result if wanted.
 *
 * <p>oneDNN 2.7 has none of its own. Batch normalisation of the batch as {@link OneImage} measures
 * each row; the groups' statistics follow from their rows'; and batch normalisation by given
 * statistics, scale and shift does the rest, in both directions.
 */
final class GroupNormalizationStage implements Stage<Plan, Tensor> {
  private final GroupNormalizationNode node;
  private final int rows;
  private final int rowsOfGroup;
  private final double groupSize;
  private final Tensor given;
  private final Tensor input;
  private final memory.desc image;
  private final memory.desc ofRows;
  private final memory.desc perRow;
  private final Map<Integer, Tensor> common = new TreeMap<>();
  private final Tensor means;
  private final Tensor variances;
  private final Tensor scale;
  private final batch_normalization_forward.primitive_desc forward;
  private final Tensor output;
  private final Tensor result;

  GroupNormalizationStage(GroupNormalizationNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    given = inputs.get(0);
    OneImage seen = OneImage.of(SmallImages.of(given, plan), plan);
    input = seen.batch();
    rows = seen.rows();
    rowsOfGroup = Math.toIntExact(node.channels() / node.groups());
    groupSize = (double) rowsOfGroup * input.size() / rows;
    image = seen.layout();
    ofRows = seen.layout(1, 1);
    output = plan.allocate(input.layout());
    result = SmallImages.like(given, output, plan);
    perRow = OneDnn.plainLayout(rows);
    means = plan.allocate(perRow);
    variances = plan.allocate(perRow);
    scale = parameter(plan, GroupNormalization.SCALE);
    Tensor scales = plan.allocate(perRow);
    Tensor shifts = plan.allocate(perRow);
    addMeasurement(plan);
    addSpreading(plan, scales, shifts);
    forward = describe(dnnl.dnnl_forward_training, flags());
    common.put(dnnl.DNNL_ARG_SRC, plan.seenAs(image, input));
    common.put(dnnl.DNNL_ARG_MEAN, means);
    common.put(dnnl.DNNL_ARG_VARIANCE, variances);
    common.put(dnnl.DNNL_ARG_SCALE, scales);
    common.put(dnnl.DNNL_ARG_SHIFT, shifts);
    memory.desc signs = forward.workspace_desc();
    if (signs.get_size() > 0) {
      common.put(dnnl.DNNL_ARG_WORKSPACE, plan.allocate(signs));
    }
    Map<Integer, Tensor> arguments = new TreeMap<>(common);
    arguments.put(dnnl.DNNL_ARG_DST, plan.seenAs(image, output));
    plan.add(new batch_normalization_forward(forward), forward, arguments);
  }

  private memory.desc perChannel() {
    return OneDnn.plainLayout(node.channels());
  }

  private Tensor parameter(Plan plan, String name) {
    return plan.parameter(node.layer(), name, perChannel());
  }

  private int flags() {
    return dnnl.dnnl_use_global_stats
        | dnnl.dnnl_use_scale
        | dnnl.dnnl_use_shift
        | (node.activation().isNone() ? 0 : dnnl.dnnl_fuse_norm_relu);
  }

  private batch_normalization_forward.primitive_desc describe(int kind, int flags) {
    return new batch_normalization_forward.primitive_desc(
        new batch_normalization_forward.desc(kind, image, node.epsilon(), flags),
        OneDnn.attributes(),
        OneDnn.cpu());
  }

  /** Measures each row; what it is normalised to is overwritten. */
  private void addMeasurement(Plan plan) {
    var description = describe(dnnl.dnnl_forward_training, 0);
    plan.add(
        new batch_normalization_forward(description),
        description,
        Map.of(
            dnnl.DNNL_ARG_SRC,
            plan.seenAs(image, input),
            dnnl.DNNL_ARG_MEAN,
            means,
            dnnl.DNNL_ARG_VARIANCE,
            variances,
            dnnl.DNNL_ARG_DST,
            plan.seenAs(image, output)));
  }

  /** Gives each row the statistics of its group, and the scale and shift of its channel. */
  private void addSpreading(Plan plan, Tensor scales, Tensor shifts) {
    Tensor shift = parameter(plan, GroupNormalization.SHIFT);
    plan.add(
        () -> {
          float[] mean = means.toArray();
          float[] variance = variances.toArray();
          for (int first = 0; first < rows; first += rowsOfGroup) {
            spreadStatistics(mean, variance, first, first + rowsOfGroup);
          }
          means.values().put(mean);
          variances.values().put(variance);
          repeat(scale, scales);
          repeat(shift, shifts);
        },
        means,
        variances,
        scales,
        shifts);
  }

  /** A group's variance is the mean of its rows' variances and the variance of their means. */
  private static void spreadStatistics(float[] means, float[] variances, int from, int to) {
    double mean = 0;
    for (int row = from; row < to; row++) {
      mean += means[row];
    }
    mean /= to - from;
    double variance = 0;
    for (int row = from; row < to; row++) {
      variance += variances[row] + (means[row] - mean) * (means[row] - mean);
    }
    for (int row = from; row < to; row++) {
      means[row] = (float) mean;
      variances[row] = (float) (variance / (to - from));
    }
  }

  private void repeat(Tensor ofChannels, Tensor ofRows) {
    float[] values = ofChannels.toArray();
    for (int row = 0; row < rows; row += values.length) {
      ofRows.values().position(row).put(values);
    }
    ofRows.values().position(0);
  }

  @Override
  public Tensor output() {
    return result;
  }

  /**
   * With given statistics, the gradient of a value is g / deviation, g that of the normalised value
   * x. Because statistics depend on the values, (mean of g + x · mean of g x) / deviation is taken
   * off, where means are over the group: a factor and a summand that are the same all over a row.
   */
  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    var description =
        new batch_normalization_backward.primitive_desc(
            new batch_normalization_backward.desc(
                dnnl.dnnl_backward, image, image, node.epsilon(), flags()),
            OneDnn.attributes(),
            OneDnn.cpu(),
            forward);
    Tensor inputGradient = plan.allocate(input.layout());
    Tensor scaleGradients = plan.allocate(perRow);
    Tensor shiftGradients = plan.allocate(perRow);
    Map<Integer, Tensor> arguments = new TreeMap<>(common);
    arguments.put(
        dnnl.DNNL_ARG_DIFF_DST,
        plan.seenAs(image, plan.inLayout(SmallImages.of(gradient, plan), input.layout())));
    arguments.put(dnnl.DNNL_ARG_DIFF_SRC, plan.seenAs(image, inputGradient));
    arguments.put(dnnl.DNNL_ARG_DIFF_SCALE, scaleGradients);
    arguments.put(dnnl.DNNL_ARG_DIFF_SHIFT, shiftGradients);
    plan.add(new batch_normalization_backward(description), description, arguments);
    Tensor factors = plan.allocate(perRow);
    Tensor summands = plan.allocate(perRow);
    addSums(plan, scaleGradients, shiftGradients, factors, summands);
    addCorrection(plan, inputGradient, factors, summands);
    gradients.add(node.inputs().get(0), SmallImages.like(given, inputGradient, plan));
  }

  private void addSums(
      Plan plan, Tensor scaleGradients, Tensor shiftGradients, Tensor factors, Tensor summands) {
    Tensor ofScale = plan.parameterGradient(node.layer(), GroupNormalization.SCALE, perChannel());
    Tensor ofShift = plan.parameterGradient(node.layer(), GroupNormalization.SHIFT, perChannel());
    plan.add(
        () -> {
          float[] ofScales = scaleGradients.toArray();
          float[] ofShifts = shiftGradients.toArray();
          sumOverImages(ofScales, ofScale);
          sumOverImages(ofShifts, ofShift);
          correct(ofScales, ofShifts);
          factors.values().put(ofScales);
          summands.values().put(ofShifts);
        },
        scaleGradients,
        shiftGradients,
        means,
        variances,
        ofScale,
        ofShift,
        factors,
        summands);
  }

  private static void sumOverImages(float[] ofRows, Tensor ofChannels) {
    int channels = Math.toIntExact(ofChannels.size());
    float[] sums = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      double sum = 0;
      for (int row = channel; row < ofRows.length; row += channels) {
        sum += ofRows[row];
      }
      sums[channel] = (float) sum;
    }
    ofChannels.values().put(sums);
  }

  /** Turns the sums of each row's g x and g, before its scale, into its factor and summand. */
  private void correct(float[] products, float[] sums) {
    float[] scales = scale.toArray();
    float[] mean = means.toArray();
    float[] variance = variances.toArray();
    for (int first = 0; first < rows; first += rowsOfGroup) {
      double product = 0;
      double sum = 0;
      for (int row = first; row < first + rowsOfGroup; row++) {
        product += (double) scales[row % scales.length] * products[row];
        sum += (double) scales[row % scales.length] * sums[row];
      }
      double inverse = 1 / Math.sqrt((double) variance[first] + node.epsilon());
      double factor = -product / groupSize * inverse * inverse;
      double summand = -sum / groupSize * inverse - factor * mean[first];
      for (int row = first; row < first + rowsOfGroup; row++) {
        products[row] = (float) factor;
        sums[row] = (float) summand;
      }
    }
  }

  /** Adds factor · value + summand to each value's gradient. */
  private void addCorrection(Plan plan, Tensor inputGradient, Tensor factors, Tensor summands) {
    post_ops afterwards = new post_ops();
    afterwards.append_binary(dnnl.dnnl_binary_add, ofRows);
    afterwards.append_sum();
    var description =
        new binary.primitive_desc(
            new binary.desc(dnnl.dnnl_binary_mul, image, ofRows, image),
            OneDnn.attributes(afterwards),
            OneDnn.cpu());
    plan.add(
        new binary(description),
        description,
        Map.of(
            dnnl.DNNL_ARG_SRC_0,
            plan.seenAs(image, input),
            dnnl.DNNL_ARG_SRC_1,
            plan.seenAs(ofRows, factors),
            dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | dnnl.DNNL_ARG_SRC_1,
            plan.seenAs(ofRows, summands),
            dnnl.DNNL_ARG_DST,
            plan.seenAs(image, inputGradient)));
  }
}
