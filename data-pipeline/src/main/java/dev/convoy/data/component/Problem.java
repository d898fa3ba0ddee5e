package dev.convoy.data.component;

import java.util.Objects;

/**
 * Something in the settings of a component that does not fit.
 *
 * @param path where: the option's name, {@code name} for an unknown member, with dots into
 *     components within and {@code [2]} for the third element of a list; empty for the value itself
 * @param found the value that was given
 * @param expected what fits, in words
 */
public record Problem(String path, Object found, String expected) {
  /** Checks that nothing but the value is null. */
  public Problem {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(expected, "expected");
  }

  /** The same problem, with a path that begins further out, at {@code outer}. */
  public Problem within(String outer) {
    boolean continues = path.isEmpty() || path.startsWith("[");
    return new Problem(continues ? outer + path : outer + "." + path, found, expected);
  }

  @Override
  public String toString() {
    return path + " = " + found + ": expected " + expected;
  }
}
