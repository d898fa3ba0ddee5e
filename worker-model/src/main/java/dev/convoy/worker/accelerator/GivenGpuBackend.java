package dev.convoy.worker.accelerator;

import dev.convoy.worker.backend.Backend;
import dev.convoy.worker.backend.Job;
import dev.convoy.worker.backend.Session;
import dev.convoy.worker.cuda.CudaBackend;
import dev.convoy.worker.cuda.device.Gpu;
import dev.convoy.worker.cuda.device.GpuAnswer;
import dev.convoy.worker.cuda.device.GpuRefusal;
import dev.convoy.worker.cuda.device.Gpus;
import dev.convoy.worker.graph.UnsupportedNetworkException;

/** The GPU that was given to whoever computes, if this process can use it. */
final class GivenGpuBackend implements Backend {
  private final Accelerator.Settings settings;
  private final Gpus gpus;

  GivenGpuBackend(Accelerator.Settings settings, Gpus gpus) {
    this.settings = settings;
    this.gpus = gpus;
  }

  @Override
  public String name() {
    return "GPU";
  }

  @Override
  public Session open(Job job) throws UnsupportedNetworkException {
    String address = settings.gpu().address();
    if (address.isEmpty()) {
      throw new UnsupportedNetworkException("no GPU was given to this task.");
    }
    GpuAnswer answer = gpus.at(address);
    if (answer instanceof GpuRefusal refusal) {
      throw new UnsupportedNetworkException(refusal.reason());
    }
    return CudaBackend.on((Gpu) answer, settings.precision(), settings.recomputes()).open(job);
  }
}
