package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.AdaptivePoolingNode;
import dev.convoy.worker.graph.Node;
import dev.convoy.worker.graph.PoolingNode;
import java.util.List;

/** The largest value or the mean of each window. */
final class CudaPoolingStage implements Stage<CudaPlan, DeviceTensor> {
  private final Node node;
  private final PoolingWindows windows;
  private final DeviceTensor input;
  private final DeviceTensor output;
  private DeviceTensor places;

  CudaPoolingStage(PoolingNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this(node, PoolingWindows.of(node, inputs.get(0).shape()), plan, inputs.get(0));
  }

  CudaPoolingStage(AdaptivePoolingNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this(node, PoolingWindows.of(node, inputs.get(0).shape()), plan, inputs.get(0));
  }

  private CudaPoolingStage(Node node, PoolingWindows windows, CudaPlan plan, DeviceTensor input) {
    this.node = node;
    this.windows = windows;
    this.input = input;
    output = plan.allocate(node.result(List.of(input.shape())));
    Grid grid = Grid.of(output.size());
    if (windows.isMaximum()) {
      // Places are whole numbers, as large as a float.
      places = plan.isTraining() ? plan.floats(output.size()) : null;
      Object notedAt = places == null ? Address.NONE : places;
      plan.launch(
          "largest", input.type(), grid, windows.behind(input, output, notedAt, output.size()));
    } else {
      plan.launch(
          "mean",
          input.type(),
          grid,
          windows.behind(input, output, output.size(), windows.withPadding()));
    }
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    String source = node.inputs().get(0);
    if (!gradients.areWanted(source)) {
      return;
    }
    DeviceTensor ofInput = plan.allocate(input.shape());
    Grid grid = Grid.of(input.size());
    if (windows.isMaximum()) {
      plan.launch(
          "largest_gradient",
          input.type(),
          grid,
          windows.behind(gradient, places, ofInput, input.size()));
    } else {
      plan.launch(
          "mean_gradient",
          input.type(),
          grid,
          windows.behind(gradient, ofInput, input.size(), windows.withPadding()));
    }
    gradients.add(source, ofInput);
  }
}
