package dev.convoy.driver.configuration;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

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

  /** Whether it is to be drawn rather than taken. */
  public static boolean isDistribution(ConfigValue value) {
    try {
      return value instanceof ConfigObject object && !Collections.disjoint(object.keySet(), NAMES);
    } catch (ConfigException.NotResolved e) {
      return false; // a substitution, which names an object elsewhere
    }
  }
}
