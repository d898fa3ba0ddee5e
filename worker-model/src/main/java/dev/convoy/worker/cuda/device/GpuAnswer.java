package dev.convoy.worker.cuda.device;

/**
 * Whether there is a GPU to compute on: a {@link Gpu}, or a {@link GpuRefusal} that says why not.
 */
public sealed interface GpuAnswer permits Gpu, GpuRefusal {}
