package dev.convoy.worker.cuda;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.DenseNode;
import java.util.List;
import org.deeplearning4j.nn.params.DefaultParamInitializer;

/** A full connection, its bias and a function of the result. */
final class CudaDenseStage implements Stage<CudaPlan, DeviceTensor> {
  private final DenseNode node;
  private final DeviceTensor given;
  private final DeviceTensor input;
  private final CudaWeights weights;
  private final DeviceTensor output;

  CudaDenseStage(DenseNode node, CudaPlan plan, List<DeviceTensor> inputs) {
    this.node = node;
    given = inputs.get(0);
    input = ImageRows.of(plan, given);
    int units = Math.toIntExact(node.units());
    int width = Math.toIntExact(node.width());
    weights =
        new CudaWeights(
            plan,
            node.layer(),
            DefaultParamInitializer.WEIGHT_KEY,
            new CudaWeights.Extent(units, width, 1),
            node.weighting());
    output =
        plan.allocate(
            node.result(List.of(input.shape())),
            plan.isAnswer(node.name()) ? ValueFormat.FLOAT32 : plan.type());
    // Of rows in C's order, which are columns in Fortran's: Y' = W' X'.
    Product product =
        new Product(plan, units, plan.batchSize(), width, true, false, input.type(), output.type());
    plan.add(
        () -> product.run(weights.values(), width, input, width, output, units),
        weights.values(),
        input,
        output);
    if (node.hasBias() || !node.activation().isNone()) {
      Functions.forward(
          plan, node.activation(), output, Bias.of(plan, node.layer(), node.hasBias()), output);
    }
  }

  @Override
  public DeviceTensor output() {
    return output;
  }

  @Override
  public void backward(CudaPlan plan, DeviceTensor gradient, Gradients<DeviceTensor> gradients) {
    int units = Math.toIntExact(node.units());
    int width = Math.toIntExact(node.width());
    DeviceTensor inner = Functions.backward(plan, node.activation(), output, gradient);
    if (node.hasBias()) {
      Bias.backward(plan, node.layer(), inner);
    }
    DeviceTensor operand = plan.inType(inner, plan.type());
    // dW = X' dY.
    Product ofWeights =
        new Product(
            plan, width, units, plan.batchSize(), false, true, input.type(), ValueFormat.FLOAT32);
    Address place = weights.gradientPlace(ValueFormat.FLOAT32);
    plan.add(
        () -> ofWeights.run(input, width, operand, units, place, width), place, input, operand);
    weights.backward();
    String source = node.inputs().get(0);
    if (gradients.areWanted(source)) {
      DeviceTensor ofInput = plan.allocate(input.shape());
      // dX' = W dY'.
      Product ofInputs =
          new Product(plan, width, plan.batchSize(), units, false, false, plan.type(), plan.type());
      plan.add(
          () -> ofInputs.run(weights.values(), width, operand, units, ofInput, width),
          weights.values(),
          operand,
          ofInput);
      gradients.add(source, ImageRows.backward(plan, given, ofInput));
    }
  }
}
