package dev.convoy.worker.cuda.device;

/**
 * No GPU to compute on.
 *
 * @param reason for a person: what is missing or does not go together, and what to install; whole
 *     sentences
 */
public record GpuRefusal(String reason) implements GpuAnswer {}
