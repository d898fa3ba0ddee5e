package dev.convoy.worker.cuda;

import dev.convoy.data.batch.Images;
import dev.convoy.worker.backend.Classification;
import dev.convoy.worker.backend.NetworkSteps;
import dev.convoy.worker.graph.Fusion;
import dev.convoy.worker.graph.Graph;
import java.util.Set;
import java.util.function.Consumer;

/** Forward for one batch size, without dropout or with masks of every example's own. */
final class CudaInferencePlan implements AutoCloseable {
  private final CudaPlan plan;
  private final BatchInput input;
  private final HostBlock block;
  private final Classification classification;

  /** Builds the plan of a network, for batches of one size. */
  CudaInferencePlan(CudaNetwork network, Graph graph, CudaPlanShape shape) {
    Device device = network.device();
    input =
        new BatchInput(
            device,
            graph.image(),
            shape.batchSize(),
            network.classes(),
            shape.keyCount(),
            shape.inBytes());
    plan =
        new CudaPlan(
            device,
            network.vectors(),
            shape.batchSize(),
            false,
            network.precision(),
            Set.of(graph.logits()),
            input.keys(),
            shape.keyCount());
    try {
      block = build(network, graph);
      classification = new Classification(shape.batchSize(), network.classes());
      input.allocate();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Where the host finds a batch's last values. */
  private HostBlock build(CudaNetwork network, Graph graph) {
    Device device = network.device();
    // Running statistics are applied where they are: nothing is prepared that could become stale.
    Graph fused = Fusion.forTraining(graph);
    plan.add(network.vectors()::halve);
    DeviceTensor images = plan.keep(plan.allocate(graph.image()));
    input.addUnpacking(plan, images);
    var steps = new NetworkSteps<>(plan, fused, false, images, CudaStages::add);
    DeviceTensor logits = plan.inType(steps.value(fused.logits()), ValueFormat.FLOAT32);
    long bytes = (long) logits.size() * Float.BYTES;
    HostBlock values = plan.own(device.hostBlock(bytes));
    plan.add(() -> device.download(logits.get(), values, 0, bytes), logits);
    plan.arrange(network.arena());
    return values;
  }

  /**
   * Computes what a network answers.
   *
   * @param function of its last values
   * @param first image of the batch in {@code images}
   * @param size images in the batch, at most the plan's; the rest is computed in vain
   * @param keys that masks are drawn from, as many as the plan wants
   * @param answers of all images of {@code images}
   */
  void run(
      Consumer<double[]> function,
      Images images,
      int first,
      int size,
      long[] keys,
      float[] answers) {
    input.load(images, first, first + size, keys);
    plan.run();
    plan.device().synchronize();
    float[] values = classification.values();
    block.bytes().asFloatBuffer().get(values);
    int classes = values.length / plan.batchSize();
    classification.answers(function, size, answers, first * classes);
  }

  /** Images that it computes at once. */
  int batchSize() {
    return plan.batchSize();
  }

  @Override
  public void close() {
    plan.close();
    input.close();
  }
}
