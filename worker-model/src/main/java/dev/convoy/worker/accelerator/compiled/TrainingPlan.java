package dev.convoy.worker.accelerator.compiled;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Forward, loss and backward for one batch size. */
final class TrainingPlan implements AutoCloseable {
  private final Plan plan;
  private final Tensor images;
  private Targets targets;
  private double loss;

  /**
   * Builds the plan.
   *
   * @param operations from the images to the values that go into the softmax
   * @param imageName what the operations call the images
   * @param imageDimensions [batch, channels, height, width]
   */
  TrainingPlan(
      List<Operation> operations,
      String imageName,
      long[] imageDimensions,
      ParameterMemory parameters) {
    int batchSize = Math.toIntExact(imageDimensions[0]);
    plan = new Plan(batchSize, true, parameters);
    images = plan.allocate(OneDnn.plainLayout(imageDimensions));
    List<Operation> fused = Fusion.fuse(operations, true);
    List<Operation.Stage> stages = new ArrayList<>();
    Map<String, Tensor> values = new HashMap<>();
    values.put(imageName, images);
    for (Operation operation : fused) {
      Operation.Stage stage =
          operation.forward(plan, operation.inputs().stream().map(values::get).toList());
      stages.add(stage);
      values.put(operation.name(), stage.output());
    }

    Operation last = fused.get(fused.size() - 1);
    Tensor logits = values.get(last.name());
    Tensor logitsGradient = plan.allocate(logits.layout());
    Classification classification =
        new Classification(batchSize, Math.toIntExact(logits.dimension(1)));
    plan.add(
        () -> loss = classification.lossAndGradient(logits, targets, batchSize, logitsGradient));

    Gradients gradients = new Gradients(plan, Set.of(imageName));
    gradients.add(last.name(), logitsGradient);
    for (int i = fused.size() - 1; i >= 0; i--) {
      stages.get(i).backward(plan, gradients.take(fused.get(i).name()), gradients);
    }
    plan.finish();
  }

  /** Computes the loss and leaves the gradients where the network keeps them. */
  double run(float[] pixels, Targets wanted, long dropoutKey) {
    images.values().put(pixels, 0, Math.toIntExact(images.size()));
    targets = wanted;
    plan.setDropoutKeys(dropoutKey);
    plan.run();
    return loss;
  }

  @Override
  public void close() {
    plan.close();
  }
}
