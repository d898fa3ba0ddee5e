package dev.convoy.worker.onednn;

import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.Stage;
import dev.convoy.worker.graph.FlatteningNode;
import java.util.List;

/** All values of an image as a row. */
final class FlatteningStage implements Stage<Plan, Tensor> {
  private final FlatteningNode node;
  private final Tensor input;
  private final Tensor output;

  FlatteningStage(FlatteningNode node, Plan plan, List<Tensor> inputs) {
    this.node = node;
    input = inputs.get(0);
    output = plan.rows(input);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void backward(Plan plan, Tensor gradient, Gradients<Tensor> gradients) {
    String source = node.inputs().get(0);
    if (gradients.areWanted(source)) {
      Tensor rows = plan.inLayout(gradient, output.layout());
      gradients.add(
          source, plan.seenAs(rows.ofItsType(OneDnn.plainLayout(input.dimensions())), rows));
    }
  }
}
