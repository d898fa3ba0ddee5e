package dev.convoy.worker.cuda;

import dev.convoy.worker.cuda.device.Gpu;

/** What a process keeps on a GPU for all of its sessions. */
public final class KernelsOnGpu {
  private KernelsOnGpu() {}

  /** Begins the context and loads the kernels, which stay, and leaves the context current. */
  public static void load(Gpu gpu) {
    new Device(gpu.context(), gpu.libraries().dnn(), gpu.libraries().blas(), gpu.card().name())
        .close();
  }
}
