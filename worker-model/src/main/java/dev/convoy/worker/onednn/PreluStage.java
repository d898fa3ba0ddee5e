package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.PreluNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.prelu_backward;
import org.bytedeco.dnnl.prelu_forward;
import org.deeplearning4j.nn.params.PReLUParamInitializer;

/** A rectifier whose slope below zero is learned, one for each channel. */
final class PreluStage implements Stage<Plan, Tensor> {
  private static final String SLOPES = PReLUParamInitializer.WEIGHT_KEY;

  private final PreluNode node;
  private final Tensor input;
  private final memory.desc plainSlopes;
  private final Tensor slopes;
  private final prelu_forward.primitive_desc forward;
  private final Tensor output;

  PreluStage(PreluNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    Tensor given = inputs.get(0);
    long[] perChannel = new long[given.dimensions().length];
    Arrays.fill(perChannel, 1);
    perChannel[1] = node.channels();
    plainSlopes = OneDnn.plainLayout(perChannel);
    forward =
        Implementations.fastest(
            List.of(
                () -> describe(given.layout()),
                () -> describe(OneDnn.plainLayout(given.dimensions()))));
    input = plan.inLayout(given, forward.src_desc());
    slopes =
        plan.inLayout(plan.parameter(node.layer(), SLOPES, plainSlopes), forward.weights_desc());
    output = plan.allocate(input.layout());
    plan.add(
        new prelu_forward(forward),
        forward,
        Map.of(dnnl.DNNL_ARG_SRC, input, dnnl.DNNL_ARG_WEIGHTS, slopes, dnnl.DNNL_ARG_DST, output));
  }

  private prelu_forward.primitive_desc describe(memory.desc values) {
    return new prelu_forward.primitive_desc(
        new prelu_forward.desc(
            dnnl.dnnl_forward_training, values, OneDnn.anyLayout(OneDnn.dimensions(plainSlopes))),
        OneDnn.attributes(),
        OneDnn.cpu());
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    var description =
        new prelu_backward.primitive_desc(
            new prelu_backward.desc(
                input.layout(), slopes.layout(), input.layout(), slopes.layout()),
            OneDnn.attributes(),
            OneDnn.cpu(),
            forward);
    Tensor inputGradient = plan.allocate(input.layout());
    Tensor ofSlopes = plan.allocate(slopes.layout());
    plan.add(
        new prelu_backward(description),
        description,
        Map.of(
            dnnl.DNNL_ARG_SRC, input,
            dnnl.DNNL_ARG_WEIGHTS, slopes,
            dnnl.DNNL_ARG_DIFF_DST, plan.inLayout(gradient, input.layout()),
            dnnl.DNNL_ARG_DIFF_SRC, inputGradient,
            dnnl.DNNL_ARG_DIFF_WEIGHTS, ofSlopes));
    plan.copy(ofSlopes, plan.parameterGradient(node.layer(), SLOPES, plainSlopes));
    gradients.add(node.inputs().get(0), inputGradient);
  }
}
