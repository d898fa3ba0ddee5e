package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.ConcatenationNode;
import java.util.List;

/** The channels of several images, one image's after the other's, or several vectors. */
final class CudaConcatenationStage implements Stage<CudaPlan, DeviceTensor> {
  private final ConcatenationNode node;
  private final List<DeviceTensor> inputs;
  private final DeviceTensor output;

  CudaConcatenationStage(ConcatenationNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    this.inputs = List.copyOf(inputs);
    output = plan.allocate(node.result(inputs.stream().map(DeviceTensor::shape).toList()));
    int first = 0;
    for (DeviceTensor input : inputs) {
      copy(plan, input, 0, output, first, input.channels());
      first += input.channels();
    }
  }

  private static void copy(
      CudaPlan plan, DeviceTensor from, int fromFirst, DeviceTensor to, int toFirst, int channels) {
    int size = from.rows() * channels;
    plan.launch(
        "copy_channels",
        from.type(),
        Grid.of(size),
        from,
        from.channels(),
        fromFirst,
        to,
        to.channels(),
        toFirst,
        channels,
        size);
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    int first = 0;
    for (int i = 0; i < inputs.size(); i++) {
      int channels = inputs.get(i).channels();
      String source = node.inputs().get(i);
      if (gradients.areWanted(source)) {
        DeviceTensor part = plan.allocate(inputs.get(i).shape());
        copy(plan, gradient, first, part, 0, channels);
        gradients.add(source, part);
      }
      first += channels;
    }
  }
}
