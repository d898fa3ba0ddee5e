package dev.convoy.driver.configuration;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;

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

  /** What the distributions are called elsewhere. */
  private static final Map<String, String> OTHER_NAMES =
      Map.ofEntries(
          Map.entry("loguniformint", "log-uniform-int"),
          Map.entry("lograndint", "log-uniform-int"),
          Map.entry("randint", "int"),
          Map.entry("integer", "int"),
          Map.entry("uniformint", "int"),
          Map.entry("intuniform", "int"),
          Map.entry("quniform", "uniform"),
          Map.entry("range", "uniform"),
          Map.entry("float", "uniform"),
          Map.entry("gaussian", "normal"),
          Map.entry("values", "choice"),
          Map.entry("choices", "choice"),
          Map.entry("options", "choice"),
          Map.entry("categorical", "choice"),
          Map.entry("grid", "choice"),
          Map.entry("oneof", "choice"));

  private static final int LARGEST_TYPING_ERROR = 2;

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
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    if (OTHER_NAMES.containsKey(plain)) {
      return Optional.of(OTHER_NAMES.get(plain));
    }
    LevenshteinDistance distance = new LevenshteinDistance(LARGEST_TYPING_ERROR);
    return NAMES.stream()
        .filter(known -> distance.apply(plain, known.replace("-", "")) >= 0)
        .min(Comparator.comparingInt(known -> distance.apply(plain, known.replace("-", ""))));
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

  /** Whether it is to be drawn rather than taken. */
  public static boolean isDistribution(ConfigValue value) {
    try {
      return value instanceof ConfigObject object && !Collections.disjoint(object.keySet(), NAMES);
    } catch (ConfigException.NotResolved e) {
      return false; // a substitution, which names an object elsewhere
    }
  }
}
