package dev.convoy.worker.cuda.api;

import java.util.Comparator;

/** A version of a library, in its parts, none of them negative. */
public record LibraryVersion(int major, int minor, int patch)
    implements Comparable<LibraryVersion> {
  private static final Comparator<LibraryVersion> ORDER =
      Comparator.comparingInt(LibraryVersion::major)
          .thenComparingInt(LibraryVersion::minor)
          .thenComparingInt(LibraryVersion::patch);

  /** Of {@code 1000 × major + 10 × minor}, as the driver and CUDA's runtime say it. */
  public static LibraryVersion ofCuda(long number) {
    return new LibraryVersion((int) (number / 1000), (int) (number % 1000 / 10), 0);
  }

  /** Of cuDNN's number: {@code 1000 × major} up to 8, {@code 10000 × major} since 9. */
  public static LibraryVersion ofDnn(long number) {
    long unit = number < 10_000 ? 1000 : 10_000;
    long rest = number % unit;
    return new LibraryVersion((int) (number / unit), (int) (rest / 100), (int) (rest % 100));
  }

  /** Whether it is this major and minor version or a later one. */
  public boolean isAtLeast(int wantedMajor, int wantedMinor) {
    return compareTo(new LibraryVersion(wantedMajor, wantedMinor, 0)) >= 0;
  }

  @Override
  public int compareTo(LibraryVersion other) {
    return ORDER.compare(this, other);
  }

  /** As people write it, such as 12.4 or 9.1.1. */
  @Override
  public String toString() {
    return major + "." + minor + (patch == 0 ? "" : "." + patch);
  }
}
