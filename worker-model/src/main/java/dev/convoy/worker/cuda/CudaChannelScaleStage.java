package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.ChannelScaleNode;
import java.util.List;

/** Images times a number for each channel of each image. */
final class CudaChannelScaleStage implements Stage<CudaPlan, DeviceTensor> {
  private final ChannelScaleNode node;
  private final DeviceTensor images;
  private final DeviceTensor factors;
  private final DeviceTensor output;

  CudaChannelScaleStage(ChannelScaleNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    images = inputs.get(0);
    factors = inputs.get(1);
    output = plan.allocate(images.shape());
    scale(plan, images, output);
  }

  private void scale(CudaPlan plan, DeviceTensor from, DeviceTensor to) {
    plan.launch(
        "scale_channels",
        from.type(),
        Grid.of(from.size()),
        from,
        factors,
        to,
        from.size(),
        from.channels(),
        from.plane());
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    if (gradients.areWanted(node.inputs().get(0))) {
      DeviceTensor ofImages = plan.allocate(images.shape());
      scale(plan, gradient, ofImages);
      gradients.add(node.inputs().get(0), ofImages);
    }
    if (gradients.areWanted(node.inputs().get(1))) {
      DeviceTensor ofFactors = plan.allocate(factors.shape());
      plan.launch(
          "scale_channels_gradient",
          images.type(),
          Grid.of(factors.size()),
          images,
          gradient,
          ofFactors,
          factors.size(),
          images.channels(),
          images.plane());
      gradients.add(node.inputs().get(1), ofFactors);
    }
  }
}
