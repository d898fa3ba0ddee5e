package dev.convoy.worker.cuda.device;

/** Whether networks are computed on GPUs. */
public enum GpuUse {
  /** On a GPU that can be used, else on the CPU, which says why. */
  AUTO,
  /** On the CPU. */
  OFF,
  /** On a GPU, or not at all. */
  REQUIRED
}
