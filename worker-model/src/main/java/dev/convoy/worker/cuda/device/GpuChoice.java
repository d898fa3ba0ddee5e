package dev.convoy.worker.cuda.device;

import java.io.Serializable;
import java.util.Objects;

/**
 * Which GPU a network is to be computed on.
 *
 * @param use whether on one at all
 * @param address the one that was given to whoever computes, see {@link Gpus#at}; empty if none was
 */
public record GpuChoice(GpuUse use, String address) implements Serializable {
  /** Of the CPU. */
  public static final GpuChoice OFF = new GpuChoice(GpuUse.OFF, "");

  /** Requires both. */
  public GpuChoice {
    Objects.requireNonNull(use);
    Objects.requireNonNull(address);
  }

  /** Of whatever GPU will be given. */
  public static GpuChoice of(GpuUse use) {
    return new GpuChoice(use, "");
  }

  /** The same with a GPU that was given. */
  public GpuChoice at(String given) {
    return new GpuChoice(use, given);
  }

  /** Whether a GPU was given and may be used. */
  public boolean isGiven() {
    return use != GpuUse.OFF && !address.isEmpty();
  }
}
