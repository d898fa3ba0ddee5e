package dev.convoy.worker.onednn;

import dev.convoy.data.batch.Images;
import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Classification;
import dev.convoy.worker.backend.Gradients;
import dev.convoy.worker.backend.NetworkSteps;
import dev.convoy.worker.backend.Precision;
import dev.convoy.worker.backend.StreamingPropagation.GradientTaker;
import dev.convoy.worker.graph.Fusion;
import dev.convoy.worker.graph.Graph;
import dev.convoy.worker.graph.GrowingConcatenationNode;
import dev.convoy.worker.graph.Head;
import java.util.HashSet;
import java.util.Set;

/** Forward, loss and backward for one batch size. */
final class TrainingPlan implements AutoCloseable {
  private final Plan plan;
  private final Tensor images;
  private Targets targets;

  /** How many images have targets: all, or the first ones of pairs. */
  private int learned;

  private double pairing;
  private double loss;

  /**
   * Builds the plan of a network, for batches of one size; it has no memory yet.
   *
   * @param recomputes whether only what leaves a segment is kept for the way back
   * @param settled values whose gradient nobody needs: the way back ends there
   * @param handsOver whether gradients of parameters are handed over, else left with the network
   */
  TrainingPlan(
      Graph graph,
      int batchSize,
      Precision precision,
      boolean recomputes,
      Set<String> settled,
      ParameterMemory parameters,
      boolean handsOver) {
    plan = new Plan(batchSize, true, precision, parameters, handsOver);
    images = plan.give(plan.allocate(OneDnn.plainLayout(batchSize, graph.image())));
    Graph fused = GrowingConcatenationNode.joinChains(Fusion.forTraining(graph));
    plan.keepInTiles(TiledValues.of(fused, plan));
    NetworkSteps<Plan, Tensor> steps =
        new NetworkSteps<>(plan, fused, recomputes, images, HandingOverStage::add);
    Set<String> unwanted = new HashSet<>(settled);
    unwanted.add(graph.imageName());
    Gradients<Tensor> gradients = plan.gradients(unwanted);
    for (Head head : fused.heads()) {
      boolean answers = head.equals(fused.heads().get(0));
      gradients.add(
          head.logits(), addLoss(head, answers, plan.inFloat32(steps.value(head.logits()))));
    }
    steps.addBackward(gradients, plan::inFormOf);
    plan.arrange();
  }

  /** Bytes of native memory that it takes beside the network's parameters and gradients. */
  long bytes() {
    return plan.bytes();
  }

  /** Hands gradients over to somebody, if it does so at all. */
  TrainingPlan to(GradientTaker taker) {
    plan.setTaker(taker);
    return this;
  }

  /** Takes its turns in a memory, which must outlive it: it can be run. */
  TrainingPlan in(SharedMemory memory) {
    plan.shareMemory(memory);
    return this;
  }

  /** Adds the step that derives a head's loss; returns the gradient of its logits. */
  private Tensor addLoss(Head head, boolean answers, Tensor logits) {
    Tensor gradient = plan.allocate(logits.layout());
    Classification classification =
        new Classification(plan.batchSize(), Math.toIntExact(logits.dimension(1)));
    plan.add(
        () -> {
          logits.values().get(classification.values());
          loss += classification.lossAndGradient(head, targets, learned, answers ? pairing : 0);
          gradient.values().put(classification.values());
        },
        logits,
        gradient);
    return gradient;
  }

  /** Computes the loss and the gradients. */
  double run(Images pixels, Targets wanted, long dropoutKey) {
    learned = plan.batchSize();
    pairing = 0;
    return run(pixels, wanted, new long[] {dropoutKey});
  }

  /** The same of pairs, images first; each half has the masks that the images alone would have. */
  double runPairs(Images pixels, Targets wanted, double coefficient, long dropoutKey) {
    learned = plan.batchSize() / 2;
    pairing = coefficient;
    return run(pixels, wanted, new long[] {dropoutKey, dropoutKey});
  }

  private double run(Images pixels, Targets wanted, long[] dropoutKeys) {
    plan.takeTurn();
    pixels.write(0, plan.batchSize(), images.buffer());
    targets = wanted;
    loss = 0;
    plan.setDropoutKeys(dropoutKeys);
    plan.run();
    return loss;
  }

  @Override
  public void close() {
    plan.close();
  }
}
