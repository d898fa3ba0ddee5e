package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.Node;
import java.util.List;

/**
 * A stage behind whose way back the gradients of its parameters are handed over, if nobody keeps
 * them: there no step needs the parameters any more.
 */
final class HandingOverStage implements Stage<Plan, Tensor> {
  private final Stage<Plan, Tensor> stage;
  private final List<Plan.ParameterGradient> fromForward;

  private HandingOverStage(Stage<Plan, Tensor> stage, List<Plan.ParameterGradient> fromForward) {
    this.stage = stage;
    this.fromForward = fromForward;
  }

  /** Adds the forward steps of a node, which is known. */
  static Stage<Plan, Tensor> add(Node node, Plan plan, List<Tensor> inputs) {
    return new HandingOverStage(Stages.add(node, plan, inputs), plan.takeParameterGradients());
  }

  @Override
  public Tensor output() {
    return stage.output();
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    stage.backward(plan, gradient, gradients);
    fromForward.forEach(plan::handOver);
    plan.takeParameterGradients().forEach(plan::handOver);
  }
}
