package dev.convoy.worker.cuda;

import dev.convoy.data.batch.Targets;
import dev.convoy.worker.backend.Classification;
import dev.convoy.worker.graph.Head;

/** Any loss, and the distance of pairs, by the host: the device waits for it in every step. */
final class LossOnHost implements HeadLoss {
  private final String answer;
  private Targets targets;
  private int learned;
  private double pairing;
  private double loss;

  /**
   * Has no batch yet.
   *
   * @param answer the name of the logits that are the network's answer
   */
  LossOnHost(String answer) {
    this.answer = answer;
  }

  /**
   * Says what the next run is to learn.
   *
   * @param images that have targets; behind them are partners of theirs, or none
   * @param coefficient of the squared distance between partners
   */
  void set(Targets wanted, int images, double coefficient) {
    targets = wanted;
    learned = images;
    pairing = coefficient;
    loss = 0;
  }

  /** The mean loss of the images in the last run. */
  double loss() {
    return loss;
  }

  @Override
  public DeviceTensor add(CudaPlan plan, Head head, DeviceTensor logits) {
    Device device = plan.device();
    DeviceTensor gradient = DeviceTensor.of(logits.images(), logits.shape(), logits.type());
    Classification rows = new Classification(logits.images(), logits.channels());
    long bytes = (long) logits.size() * Float.BYTES;
    HostBlock block = plan.own(device.hostBlock(bytes));
    boolean answers = head.logits().equals(answer);
    plan.add(() -> device.download(logits.get(), block, 0, bytes), logits);
    plan.addOfHost(
        () -> {
          block.bytes().asFloatBuffer().get(rows.values());
          loss += rows.lossAndGradient(head, targets, learned, answers ? pairing : 0);
          block.bytes().asFloatBuffer().put(rows.values());
        });
    plan.add(() -> device.upload(block, 0, gradient.get(), bytes), gradient);
    return gradient;
  }
}
