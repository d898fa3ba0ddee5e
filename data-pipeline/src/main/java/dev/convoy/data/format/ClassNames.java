package dev.convoy.data.format;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The order of classes whose names stand beside images. */
final class ClassNames {
  private ClassNames() {}

  /** Numbers by their values, where all are numbers; else names by their characters. */
  static List<String> sorted(Set<String> names) {
    boolean numbers = names.stream().allMatch(name -> name.matches("[0-9]{1,9}"));
    Comparator<String> order =
        numbers
            ? Comparator.<String>comparingInt(Integer::parseInt)
                .thenComparing(Directories.CODE_POINTS)
            : Directories.CODE_POINTS;
    return names.stream().sorted(order).toList();
  }
}
