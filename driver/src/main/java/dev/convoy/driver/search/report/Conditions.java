package dev.convoy.driver.search.report;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which values of a hyperparameter rule others out, read off draws from the space: momentum is
 * never active where the optimizer is adam. Without them a change of the optimizer alone would make
 * points that the space does not hold and no trial has tried.
 *
 * <p>Seen are values that many draws share, such as categories; not conditions on real numbers.
 */
final class Conditions {
  // A hyperparameter active in a third of such draws is absent from all with probability 0.0003.
  private static final int MIN_DRAWS = 20;

  private final Map<String, Map<Object, Set<String>>> excluded;

  private Conditions(Map<String, Map<Object, Set<String>>> excluded) {
    this.excluded = excluded;
  }

  /** The conditions that draws obey. */
  static Conditions of(List<Map<String, Object>> draws) {
    Set<String> names =
        draws.stream().flatMap(draw -> draw.keySet().stream()).collect(Collectors.toSet());
    Map<String, Map<Object, Set<String>>> excluded = new HashMap<>();
    for (String name : names) {
      Map<Object, Set<String>> byValue = new HashMap<>();
      draws.stream()
          .filter(draw -> draw.containsKey(name))
          .collect(Collectors.groupingBy(draw -> draw.get(name)))
          .forEach((value, group) -> byValue.put(value, absent(names, group)));
      excluded.put(name, byValue);
    }
    return new Conditions(excluded);
  }

  private static Set<String> absent(Set<String> names, List<Map<String, Object>> draws) {
    if (draws.size() < MIN_DRAWS) {
      return Set.of();
    }
    Set<String> absent = new HashSet<>(names);
    draws.forEach(draw -> absent.removeAll(draw.keySet()));
    return absent;
  }

  /**
   * A point with the value that a hyperparameter has in another: without what that value rules out,
   * and with the other's values for what only the old value ruled out.
   *
   * @param name active in both
   * @return a new map
   */
  Map<String, Object> replace(String name, Map<String, Object> point, Map<String, Object> other) {
    Set<String> before = excluded(name, point.get(name));
    Set<String> after = excluded(name, other.get(name));
    Map<String, Object> replaced = new HashMap<>(point);
    replaced.put(name, other.get(name));
    replaced.keySet().removeAll(after);
    before.stream()
        .filter(freed -> !after.contains(freed) && other.containsKey(freed))
        .forEach(freed -> replaced.put(freed, other.get(freed)));
    return replaced;
  }

  private Set<String> excluded(String name, Object value) {
    return excluded.getOrDefault(name, Map.of()).getOrDefault(value, Set.of());
  }
}
