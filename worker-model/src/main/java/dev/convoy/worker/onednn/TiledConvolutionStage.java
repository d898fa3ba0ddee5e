package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.onednn.TiledConvolution.GradientSteps;
import java.util.ArrayList;
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
    convolution = new TiledConvolution(plan, node, inputs.get(0));
    input = convolution.taken(inputs.get(0));
    Tensor kernels = plan.prepare(() -> convolution.addKernels(weights.values()));
    Optional<Tensor> bias = node.hasBias() ? Optional.of(primitive.bias(plan)) : Optional.empty();
    output = convolution.output(node);
    convolution.addForward(input, kernels, bias, output);
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
    if (!gradients.areWanted(source)) {
      addWeightsGradient(plan, ofResults, List.of());
      return;
    }
    Tensor ofImages = plan.allocate(input.layout());
    // Made again: kept from the way forward on, they would take four times the memory of weights.
    Tensor kernels = convolution.addKernels(weights.values());
    GradientSteps toImages = convolution.imagesGradient(kernels, ofImages);
    // One after the other where both at once would take much memory.
    if (weights.areMoreThan(input)) {
      convolution.addBackward(ofResults, List.of(toImages));
      addWeightsGradient(plan, ofResults, List.of());
    } else {
      addWeightsGradient(plan, ofResults, List.of(toImages));
    }
    gradients.add(source, ofImages);
  }

  private void addWeightsGradient(Plan plan, Tensor ofResults, List<GradientSteps> more) {
    Tensor place = weights.gradientPlace();
    List<GradientSteps> steps = new ArrayList<>();
    steps.add(convolution.weightsGradient(input, ofResults, place, primitive.biasGradient(plan)));
    steps.addAll(more);
    convolution.addBackward(ofResults, steps);
    weights.backward(place);
  }
}
