package dev.convoy.driver.configuration;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a value of a search space looks like: an object with one of these keys. */
public final class Distributions {
  /** The keys. */
  public static final Set<String> NAMES =
      Set.of("uniform", "log-uniform", "int", "log-uniform-int", "normal", "log-normal", "choice");

  private Distributions() {}

  /** One line for every distribution in a configuration that is to be trained as it is. */
  static List<String> problems(ConfigObject written) {
    List<String> problems = new ArrayList<>();
    find("", written, problems);
    return problems;
  }

  private static void find(String key, ConfigValue value, List<String> problems) {
    if (isDistribution(value)) {
      problems.add(
          Settings.describe(key, null, value, "a value; distributions are for convoy search"));
    } else if (value instanceof ConfigObject object) {
      object.forEach(
          (name, member) -> find(key.isEmpty() ? name : key + "." + name, member, problems));
    } else if (value instanceof ConfigList list) {
      list.forEach(element -> find(key, element, problems));
    }
  }

  /** What the distributions are called elsewhere. */
  private static final Map<String, String> OTHER_NAMES =
      KeyNames.byAlias(
          """
          log-uniform-int loguniformint lograndint
          int randint integer uniformint intuniform
          uniform quniform range float
          normal gaussian
          choice values choices options categorical grid oneof
          """);

  private static final int MAX_TYPING_ERRORS = 2;

  /** What to say of an object that stands where a value does, and is no distribution. */
  static String unknown(String key, ConfigObject written) {
    List<String> found = written.keySet().stream().sorted().toList();
    Optional<String> meant = found.stream().flatMap(name -> nearest(name).stream()).findFirst();
    return Settings.describe(
        key,
        null,
        written,
        "a value, or a distribution ("
            + String.join(", ", new TreeSet<>(NAMES))
            + "), found "
            + (found.isEmpty() ? "nothing in { }" : String.join(", ", found))
            + meant.map(name -> "; did you mean " + name + "?").orElse(""));
  }

  private static Optional<String> nearest(String name) {
    return Optional.ofNullable(OTHER_NAMES.get(KeyNames.plain(name)))
        .or(
            () ->
                NearestName.of(
                    name.toLowerCase(Locale.ROOT).replace('_', '-'), NAMES, MAX_TYPING_ERRORS));
  }

  /** Whether it is to be drawn rather than taken. */
  public static boolean isDistribution(ConfigValue value) {
    return ConfigTree.object(value)
        .filter(object -> !Collections.disjoint(object.keySet(), NAMES))
        .isPresent();
  }
}
