package dev.convoy.worker.model;

import java.util.Objects;

/**
 * One option of a model, described for people.
 *
 * @param defaultValue the value when nothing is set (a number, or a list of numbers)
 * @param expected which values are allowed, in words
 * @param meaning what the option changes
 */
public record ModelOption(Object defaultValue, String expected, String meaning) {
  /** Checks that nothing is null. */
  public ModelOption {
    Objects.requireNonNull(defaultValue, "defaultValue");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(meaning, "meaning");
  }
}
