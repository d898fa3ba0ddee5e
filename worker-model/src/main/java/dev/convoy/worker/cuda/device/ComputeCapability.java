package dev.convoy.worker.cuda.device;

import java.util.Comparator;

/** The generation of a card, in NVIDIA's numbering: 7.5 is Turing, 9.0 Hopper. */
public record ComputeCapability(int major, int minor) implements Comparable<ComputeCapability> {
  private static final Comparator<ComputeCapability> ORDER =
      Comparator.comparingInt(ComputeCapability::major).thenComparingInt(ComputeCapability::minor);

  /** Whether it is this one or a later one. */
  public boolean isAtLeast(int wantedMajor, int wantedMinor) {
    return compareTo(new ComputeCapability(wantedMajor, wantedMinor)) >= 0;
  }

  @Override
  public int compareTo(ComputeCapability other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
