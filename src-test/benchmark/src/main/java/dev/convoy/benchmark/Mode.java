package dev.convoy.benchmark;

import java.util.Locale;

/** What a network is made to do. */
public enum Mode {
  /** Forward, backward, and a step of Nesterov's momentum with L2. */
  TRAINING,
  /** Forward, as in evaluation. */
  INFERENCE;

  /**
   * The mode of a name.
   *
   * @throws IllegalArgumentException naming the known ones, if there is none
   */
  public static Mode named(String name) {
    for (Mode mode : values()) {
      if (mode.toString().equals(name)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("expected training or inference, found " + name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
