package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Shape;
import dev.convoy.worker.graph.Window;
import java.util.List;

/** A convolution, its bias and a function of the result. */
final class CudaConvolutionStage implements Stage<CudaPlan, DeviceTensor> {
  private final ConvolutionNode node;
  private final DeviceTensor given;
  private final DeviceTensor input;
  private final boolean isFramed;
  private final DnnConvolution convolution;
  private final CudaWeights weights;
  private final DeviceTensor output;

  CudaConvolutionStage(ConvolutionNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    Window window = node.window();
    given = inputs.get(0);
    isFramed = window.before()[0] != window.after()[0] || window.before()[1] != window.after()[1];
    input = isFramed ? framed(plan) : given;
    int groups = Math.toIntExact(node.kernels().groups());
    convolution =
        plan.own(
            new DnnConvolution(
                plan.device(),
                new DnnConvolution.Extents(
                    plan.batchSize(),
                    input.channels(),
                    (int) input.shape().height(),
                    (int) input.shape().width(),
                    groups,
                    Math.toIntExact(node.filters()),
                    isFramed ? 0 : (int) window.before()[0],
                    isFramed ? 0 : (int) window.before()[1],
                    window),
                plan.precision()));
    weights =
        new CudaWeights(
            plan,
            node.layer(),
            node.kernels().parameter(),
            new CudaWeights.Extent(
                Math.toIntExact(node.filters()),
                Math.toIntExact(node.kernels().channels()),
                Math.toIntExact(window.elements())),
            node.weighting());
    output = plan.allocate(node.result(List.of(given.shape())));
    DeviceTensor workspace = workspace(convolution.forwardBytes());
    plan.add(
        () -> convolution.forward(input, weights.values(), workspace, output),
        weights.values(),
        input,
        workspace,
        output);
    if (node.hasBias() || !node.activation().isNone()) {
      Functions.forward(
          plan, node.activation(), output, Bias.of(plan, node.layer(), node.hasBias()), output);
    }
  }

  /** An image in which the padding, more on one side than on the other, is pixels. */
  private DeviceTensor framed(CudaPlan plan) {
    Window window = node.window();
    Shape shape = given.shape();
    DeviceTensor frame =
        plan.allocate(
            Shape.image(
                shape.channels(),
                shape.height() + window.before()[0] + window.after()[0],
                shape.width() + window.before()[1] + window.after()[1]));
    move(plan, given, frame, (int) window.before()[0], (int) window.before()[1]);
    return frame;
  }

  private static void move(CudaPlan plan, DeviceTensor from, DeviceTensor to, int down, int right) {
    plan.launch(
        "frame",
        from.type(),
        Grid.of(to.size()),
        from,
        to,
        to.size(),
        from.channels(),
        (int) from.shape().height(),
        (int) from.shape().width(),
        (int) to.shape().height(),
        (int) to.shape().width(),
        down,
        right);
  }

  private static DeviceTensor workspace(long bytes) {
    return DeviceTensor.ofBytes(Math.max(1, bytes));
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    DeviceTensor inner = Functions.backward(plan, node.activation(), output, gradient);
    if (node.hasBias()) {
      Bias.backward(plan, node.layer(), inner);
    }
    String source = node.inputs().get(0);
    boolean isInputGradientWanted = gradients.areWanted(source);
    convolution.planWeightsGradient();
    if (isInputGradientWanted) {
      convolution.planInputGradient();
    }
    DeviceTensor workspace = workspace(convolution.backwardBytes());
    Address place = weights.gradientPlace(plan.type());
    plan.add(
        () -> convolution.weightsGradient(input, inner, workspace, place),
        place,
        input,
        inner,
        workspace);
    weights.backward();
    if (isInputGradientWanted) {
      DeviceTensor ofInput = plan.allocate(input.shape());
      plan.add(
          () -> convolution.inputGradient(weights.values(), inner, workspace, ofInput),
          weights.values(),
          inner,
          workspace,
          ofInput);
      gradients.add(source, isFramed ? unframed(plan, ofInput) : ofInput);
    }
  }

  private DeviceTensor unframed(CudaPlan plan, DeviceTensor frame) {
    DeviceTensor image = plan.allocate(given.shape());
    move(plan, frame, image, -(int) node.window().before()[0], -(int) node.window().before()[1]);
    return image;
  }
}
