package dev.convoy.worker.cuda;

import dev.convoy.data.batch.Images;
import dev.convoy.worker.backend.Inference;
import dev.convoy.worker.loss.Loss;

/** What a network on a device answers. */
abstract class CudaInference implements Inference {
  /** Closed with this. */
  final CudaNetwork network;

  CudaInference(CudaNetwork network) {
    this.network = network;
  }

  /** Makes the calling thread's calls the device's, which then has the latest parameters. */
  void enter() {
    network.device().enter();
  }

  @Override
  public Loss loss() {
    return network.loss();
  }

  @Override
  public float[] outputs(Images images, int size) {
    enter();
    return network.answers(outputs -> {}, images, size);
  }

  @Override
  public float[] probabilities(Images images, int size) {
    enter();
    return network.answers(loss().function()::apply, images, size);
  }

  @Override
  public float[] sampledProbabilities(Images images, long[] keys, int size) {
    if (!hasDropout()) {
      return probabilities(images, size);
    }
    enter();
    return network.sampledAnswers(loss().function()::apply, images, keys, size);
  }

  @Override
  public boolean hasDropout() {
    return network.hasDropout();
  }

  @Override
  public String description() {
    return network.description();
  }

  @Override
  public void close() {
    network.close();
  }
}
