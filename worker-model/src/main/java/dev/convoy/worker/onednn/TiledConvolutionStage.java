package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.ConvolutionNode;
import java.util.List;
import java.util.Optional;

/** The same as a {@link ConvolutionStage}, by Winograd's algorithm of our own. */
final class TiledConvolutionStage implements Stage<Plan, Tensor> {
  private final ConvolutionNode node;
  private final ConvolutionPrimitive primitive;
  private final NodeWeights weights;
  private final TiledConvolution convolution;
  private final Tensor input;
  private final Tensor output;

  TiledConvolutionStage(ConvolutionNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    primitive = new ConvolutionPrimitive(node, plan.batchSize());
    weights = primitive.weights(plan);
    Tensor images = inputs.get(0);
    convolution = new TiledConvolution(plan, node, images.dimension(2), images.dimension(3));
    input = convolution.inBlocks(images);
    Tensor kernels = plan.prepare(() -> convolution.addKernels(weights.values()));
    output =
        convolution.addForward(
            input, kernels, node.hasBias() ? Optional.of(primitive.bias(plan)) : Optional.empty());
    ActivationPrimitive.forward(node.activation(), plan, output, output);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    Tensor inner = ActivationPrimitive.backward(node.activation(), plan, output, gradient);
    Tensor ofResults = plan.inLayout(inner, output.layout());
    String source = node.inputs().get(0);
    weights.addBackward(
        input,
        gradients.areWanted(source),
        () -> gradients.add(source, imagesGradient(ofResults)),
        () -> weightsGradient(plan, ofResults));
  }

  private Tensor imagesGradient(Tensor gradient) {
    TiledConvolution backwards = convolution.backwards();
    return backwards.addForward(gradient, backwards.addKernels(weights.values()), Optional.empty());
  }

  private void weightsGradient(Plan plan, Tensor gradient) {
    Tensor place = weights.gradientPlace();
    convolution.addWeightsGradient(input, gradient, place, primitive.biasGradient(plan));
    weights.backward(place);
  }
}
