package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.ConvolutionNode;
import dev.convoy.worker.graph.Window;
import dev.convoy.worker.natives.HeapRoom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;

/** A 2-D convolution, its bias if it has one, and a function of the result. */
final class ConvolutionStage implements Stage<Plan, Tensor> {
  private final ConvolutionNode node;
  private final ConvolutionPrimitive primitive;
  private final NodeWeights weights;
  private final convolution_forward.primitive_desc forward;
  private final Tensor output;

  /** As it was given, or as it was multiplied by the weights, whichever takes less memory. */
  private Tensor input;

  ConvolutionStage(ConvolutionNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    this.primitive = new ConvolutionPrimitive(node, plan.batchSize());
    this.input = inputs.get(0);
    weights = primitive.weights(plan);
    forward =
        primitive.forward(
            plan,
            input.layout(),
            node.hasBias(),
            ActivationPrimitive.attributes(node.activation()));
    Tensor result = TurnedConvolution.pays(node, plan) ? addTurned(plan) : addForward(plan);
    output = plan.inUsualLayout(result);
  }

  private Tensor addTurned(Plan plan) {
    TurnedConvolution turned = new TurnedConvolution(node);
    return turned.add(plan, input, turned.turned(plan, weights.values()));
  }

  private Tensor addForward(Plan plan) {
    Tensor result = plan.allocate(forward.dst_desc());
    Map<Integer, Tensor> arguments = new TreeMap<>();
    Tensor multiplied = plan.inLayout(input, forward.src_desc());
    if (multiplied.bytesOfValue() < input.bytesOfValue()) {
      input = multiplied;
    }
    arguments.put(dnnl.DNNL_ARG_SRC, multiplied);
    arguments.put(dnnl.DNNL_ARG_WEIGHTS, plan.inLayout(weights.values(), forward.weights_desc()));
    arguments.put(dnnl.DNNL_ARG_DST, result);
    if (node.hasBias()) {
      arguments.put(dnnl.DNNL_ARG_BIAS, primitive.bias(plan));
    }
    plan.add(new convolution_forward(forward), forward, arguments);
    return result;
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    Tensor inner = ActivationPrimitive.backward(node.activation(), plan, output, gradient);
    String source = node.inputs().get(0);
    weights.addBackward(
        input,
        gradients.areWanted(source),
        () -> gradients.add(source, backwardData(plan, inner)),
        () -> backwardWeights(plan, inner));
  }

  private void backwardWeights(Plan plan, Tensor gradient) {
    if (WideImages.pay(node, plan, input)) {
      WideImages wide = WideImages.of(node, input.dimension(0), input.dimension(3));
      ConvolutionPrimitive ofWide = new ConvolutionPrimitive(wide.node(), 1);
      Tensor images = wide.copy(plan, input);
      backwardWeights(
          plan,
          ofWide,
          ofWide.forward(plan, images.layout(), node.hasBias(), OneDnn.attributes()),
          images,
          wide.copy(plan, gradient));
    } else if (BatchAsChannels.pays(node, plan)) {
      Tensor place = weights.gradientPlace();
      new BatchAsChannels(plan, node, input).addTo(gradient, place, primitive.biasGradient(plan));
      weights.backward(place);
    } else {
      backwardWeights(plan, primitive, forward, input, gradient);
    }
  }

  private void backwardWeights(
      Plan plan,
      ConvolutionPrimitive convolution,
      convolution_forward.primitive_desc way,
      Tensor images,
      Tensor gradient) {
    convolution_backward_weights.primitive_desc description =
        convolution.fastest(
            plan,
            images.layout(),
            gradient.layout(),
            (algorithm, source, kernels, result) ->
                weightsDescription(
                    convolution.node().window(), way, algorithm, source, kernels, result));
    Tensor place = weights.gradientPlace();
    memory.desc layout = description.diff_weights_desc();
    boolean isReordered = weights.gradientIsOfPlan() && RowBlocks.are(layout, place.layout());
    boolean inPlace = isReordered || place.layout().equals(layout);
    Tensor weightsGradient = inPlace ? plan.seenAs(layout, place) : plan.allocate(layout);
    Map<Integer, Tensor> arguments = new TreeMap<>();
    arguments.put(dnnl.DNNL_ARG_SRC, plan.inLayout(images, description.src_desc()));
    arguments.put(dnnl.DNNL_ARG_DIFF_DST, plan.inLayout(gradient, description.diff_dst_desc()));
    arguments.put(dnnl.DNNL_ARG_DIFF_WEIGHTS, weightsGradient);
    primitive
        .biasGradient(plan)
        .ifPresent(ofBias -> arguments.put(dnnl.DNNL_ARG_DIFF_BIAS, ofBias));
    makeRoomToReadBeyond(description.src_desc());
    plan.add(new convolution_backward_weights(description), description, arguments);
    if (isReordered) {
      RowBlocks.of(layout, place.layout()).addReorder(plan, place);
    } else if (!inPlace) {
      plan.copy(weightsGradient, place);
    }
    weights.backward(place);
  }

  private convolution_backward_weights.primitive_desc weightsDescription(
      Window window,
      convolution_forward.primitive_desc way,
      int algorithm,
      memory.desc source,
      memory.desc weights,
      memory.desc result) {
    makeRoomToReadBeyond(source);
    return new convolution_backward_weights.primitive_desc(
        new convolution_backward_weights.desc(
            algorithm,
            source,
            OneDnn.ofType(dnnl.dnnl_f32, weights),
            primitive.biasLayout(node.hasBias()),
            result,
            window.stride(),
            OneDnn.gaps(window),
            window.before(),
            window.after()),
        OneDnn.attributes(),
        OneDnn.cpu(),
        way);
  }

  /**
   * With AMX, oneDNN 2.7.1 reads as many numbers as a result has rows behind an array of two when
   * it makes a weights' gradient (mended in 2.7.4); it passes over them, whatever they are.
   */
  private static void makeRoomToReadBeyond(memory.desc images) {
    if (images.data().data_type() == dnnl.dnnl_bf16 && OneDnn.hasMatrices()) {
      HeapRoom.make();
    }
  }

  private Tensor backwardData(Plan plan, Tensor gradient) {
    return plan.inUsualLayout(
        primitive.addImagesGradient(plan, input.layout(), gradient, weights.values(), forward));
  }
}
