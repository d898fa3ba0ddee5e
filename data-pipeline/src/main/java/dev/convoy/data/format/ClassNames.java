package dev.convoy.data.format;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Classes whose names stand beside images, in the order of their labels.
 *
 * @param names numbers by their values, where all are numbers; else names by their characters
 * @param labels of the classes in the order in which they were seen
 */
record ClassNames(List<String> names, int[] labels) {

  /**
   * Gives classes their labels.
   *
   * @param seen from a name to how many others had been seen before
   */
  static ClassNames of(Map<String, Integer> seen) {
    List<String> names = sorted(seen.keySet());
    int[] labels = new int[names.size()];
    for (int label = 0; label < labels.length; label++) {
      labels[seen.get(names.get(label))] = label;
    }
    return new ClassNames(names, labels);
  }

  private static List<String> sorted(Set<String> names) {
    boolean numbers = names.stream().allMatch(name -> name.matches("[0-9]{1,9}"));
    Comparator<String> order =
        numbers
            ? Comparator.<String>comparingInt(Integer::parseInt)
                .thenComparing(Directories.CODE_POINTS)
            : Directories.CODE_POINTS;
    return names.stream().sorted(order).toList();
  }
}
