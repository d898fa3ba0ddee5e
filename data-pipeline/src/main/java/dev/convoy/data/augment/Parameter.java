package dev.convoy.data.augment;

/**
 * One number that an augmentation can be given.
 *
 * @param defaultValue what holds when none is given
 * @param minimum smallest value
 * @param maximum largest value
 * @param meaning what it does, in a few words
 */
public record Parameter(double defaultValue, double minimum, double maximum, String meaning) {
  /** Checks that the default is in range. */
  public Parameter {
    if (!(minimum <= defaultValue && defaultValue <= maximum)) {
      throw new IllegalArgumentException(
          "Cannot declare a parameter: expected a default of "
              + minimum
              + " to "
              + maximum
              + ", found "
              + defaultValue
              + ".");
    }
  }
}
