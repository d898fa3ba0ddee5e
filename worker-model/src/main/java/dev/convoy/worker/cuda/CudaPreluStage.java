package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.PreluNode;
import java.util.List;
import org.deeplearning4j.nn.params.PReLUParamInitializer;

/** A rectifier whose slope below zero is learned, one for each channel. */
final class CudaPreluStage implements Stage<CudaPlan, DeviceTensor> {
  private static final String SLOPES = PReLUParamInitializer.WEIGHT_KEY;

  private final PreluNode node;
  private final DeviceTensor input;
  private final DeviceTensor output;

  CudaPreluStage(PreluNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    input = inputs.get(0);
    output = plan.allocate(input.shape());
    plan.launch(
        "prelu",
        input.type(),
        Grid.of(input.size()),
        input,
        plan.network().value(node.layer(), SLOPES),
        output,
        input.size(),
        input.channels());
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    DeviceTensor ofInput = plan.allocate(input.shape());
    DeviceTensor ofSlopes = plan.allocate(input.shape());
    plan.launch(
        "prelu_gradient",
        input.type(),
        Grid.of(input.size()),
        input,
        plan.network().value(node.layer(), SLOPES),
        gradient,
        ofInput,
        ofSlopes,
        input.size(),
        input.channels());
    Columns.sumInto(plan, ofSlopes, plan.network().gradient(node.layer(), SLOPES));
    gradients.add(node.inputs().get(0), ofInput);
  }
}
