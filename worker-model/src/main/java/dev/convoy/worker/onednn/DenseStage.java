package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.DenseNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/**
 * A full connection. In training everything lies plainly, so that weights and their gradient are
 * used where the network keeps them; in inference a copy of the weights lies as is fastest.
 */
final class DenseStage implements Stage<Plan, Tensor> {
  private final DenseNode node;
  private final Tensor input;
  private final Tensor rows;
  private final NodeWeights weights;
  private final memory.desc bias;
  private final memory.desc weightsLayout;
  private final memory.desc usedWeights;
  private final memory.desc result;
  private final inner_product_forward.primitive_desc forward;
  private final Tensor output;

  DenseStage(DenseNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    this.input = inputs.get(0);
    bias = OneDnn.plainLayout(node.units());
    weightsLayout = OneDnn.plainLayout(node.units(), node.width());
    long examples = input.dimension(0);
    rows = plan.inPrecision(plan.rows(input));
    boolean areUsedWhereTheyAre = plan.isTraining() && !plan.isBfloat16();
    usedWeights =
        areUsedWhereTheyAre
            ? weightsLayout
            : plan.values(OneDnn.anyLayout(node.units(), node.width()));
    weights =
        plan.prepare(
            () ->
                new NodeWeights(
                    plan,
                    node.layer(),
                    DefaultParamInitializer.WEIGHT_KEY,
                    weightsLayout,
                    node.weighting()));
    result = OneDnn.plainLayout(examples, node.units());
    forward =
        new inner_product_forward.primitive_desc(
            new inner_product_forward.desc(
                dnnl.dnnl_forward_training,
                rows.layout(),
                usedWeights,
                node.hasBias() ? bias : new memory.desc(),
                result),
            ActivationPrimitive.attributes(node.activation()),
            OneDnn.cpu());
    output = plan.allocate(result);
    Map<Integer, Tensor> arguments = new TreeMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, rows);
    arguments.put(dnnl.DNNL_ARG_DST, output);
    if (areUsedWhereTheyAre) {
      multiply(plan, arguments);
      return;
    }
    arguments.put(
        dnnl.DNNL_ARG_WEIGHTS,
        plan.prepare(() -> plan.inLayout(weights.values(), forward.weights_desc())));
    addBias(plan, bias, arguments);
    plan.add(new inner_product_forward(forward), forward, arguments);
  }

  private void addBias(Plan plan, memory.desc layout, Map<Integer, Tensor> arguments) {
    if (node.hasBias()) {
      arguments.put(
          dnnl.DNNL_ARG_BIAS, plan.parameter(node.layer(), ConvolutionPrimitive.BIAS, layout));
    }
  }

  /**
   * With weights as the network keeps them, oneDNN's product of two matrices takes half to three
   * quarters of the time of its inner product with AVX-512, and the same with AVX2.
   */
  private void multiply(Plan plan, Map<Integer, Tensor> arguments) {
    Tensor transposed =
        plan.seenAs(
            OneDnn.stridedLayout(
                new long[] {node.width(), node.units()}, new long[] {1, node.width()}),
            weights.values());
    memory.desc rowOfBias = OneDnn.plainLayout(1, node.units());
    var description =
        new matmul.primitive_desc(
            new matmul.desc(
                rows.layout(),
                transposed.layout(),
                node.hasBias() ? rowOfBias : new memory.desc(),
                result),
            ActivationPrimitive.attributes(node.activation()),
            OneDnn.cpu());
    arguments.put(dnnl.DNNL_ARG_WEIGHTS, transposed);
    addBias(plan, rowOfBias, arguments);
    plan.add(new matmul(description), description, arguments);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    Tensor inner = ActivationPrimitive.backward(node.activation(), plan, output, gradient);
    Tensor plain = plan.inLayout(inner, plan.values(result));
    String source = node.inputs().get(0);
    weights.addBackward(
        rows,
        gradients.areWanted(source),
        () -> gradients.add(source, backwardData(plan, plain)),
        () -> backwardWeights(plan, plain));
  }

  private void backwardWeights(Plan plan, Tensor gradient) {
    var description =
        new inner_product_backward_weights.primitive_desc(
            new inner_product_backward_weights.desc(
                rows.layout(),
                weightsLayout,
                node.hasBias() ? bias : new memory.desc(),
                gradient.layout()),
            OneDnn.attributes(),
            OneDnn.cpu(),
            forward);
    Map<Integer, Tensor> arguments = new TreeMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, rows);
    arguments.put(dnnl.DNNL_ARG_DIFF_DST, gradient);
    Tensor place = weights.gradientPlace();
    arguments.put(dnnl.DNNL_ARG_DIFF_WEIGHTS, place);
    if (node.hasBias()) {
      arguments.put(
          dnnl.DNNL_ARG_DIFF_BIAS,
          plan.parameterGradient(node.layer(), ConvolutionPrimitive.BIAS, bias));
    }
    plan.add(new inner_product_backward_weights(description), description, arguments);
    weights.backward(place);
  }

  private Tensor backwardData(Plan plan, Tensor gradient) {
    var description =
        new inner_product_backward_data.primitive_desc(
            new inner_product_backward_data.desc(rows.layout(), usedWeights, gradient.layout()),
            OneDnn.attributes(),
            OneDnn.cpu(),
            forward);
    Tensor inputGradient = plan.allocate(rows.layout());
    plan.add(
        new inner_product_backward_data(description),
        description,
        Map.of(
            dnnl.DNNL_ARG_DIFF_DST, gradient,
            dnnl.DNNL_ARG_WEIGHTS, plan.inLayout(weights.values(), description.weights_desc()),
            dnnl.DNNL_ARG_DIFF_SRC, inputGradient));
    return plan.seenAs(plan.values(OneDnn.plainLayout(input.dimensions())), inputGradient);
  }
}
