package dev.convoy.benchmark;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Constants by what they are called on the command line. */
public final class Labels {
  private Labels() {}

  /**
   * The constant of a name.
   *
   * @throws IllegalArgumentException naming the known ones, if there is none
   */
  public static <E extends Enum<E>> E find(E[] constants, String name) {
    return Arrays.stream(constants)
        .filter(constant -> constant.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected one of %s, found %s"
                        .formatted(
                            Arrays.stream(constants)
                                .map(Enum::toString)
                                .collect(Collectors.joining(", ")),
                            name)));
  }
}
