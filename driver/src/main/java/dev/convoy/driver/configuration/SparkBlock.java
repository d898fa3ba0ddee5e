package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The block {@code spark.conf}. Its keys are Spark's, whose dots are part of the name: {@code
 * spark.authenticate} has a value and {@code spark.authenticate.secret} another, while in HOCON one
 * of them would take the other's place. Here it is an object whose members are whole names with
 * texts.
 */
final class SparkBlock {
  private static final List<String> BLOCK = List.of("spark", "conf");
  private static final Pattern ENVIRONMENT = Pattern.compile("\\$\\{\\??(\\w+)}");
  private static final String FROM_ENVIRONMENT = "environment variable ";

  private SparkBlock() {}

  static boolean isSetting(List<String> path) {
    return path.size() > BLOCK.size() && path.subList(0, BLOCK.size()).equals(BLOCK);
  }

  /** The path of a key in the configuration: that of a setting has its name as one element. */
  static List<String> path(List<String> written) {
    return isSetting(written) ? List.of("spark", "conf", nameOf(written)) : written;
  }

  private static String nameOf(List<String> path) {
    return String.join(".", path.subList(BLOCK.size(), path.size()));
  }

  /**
   * The elements of a path in a text that is to be parsed, where each value of a setting stands in
   * a member of its own, named by nothing, so that it is in no other's way.
   */
  static List<String> scanned(List<String> path, boolean hasMembers) {
    String name = nameOf(path) + (hasMembers ? "" : ".");
    List<String> elements = new ArrayList<>(BLOCK);
    elements.addAll(List.of(name.split("\\.", -1)));
    return elements;
  }

  /** The block; empty if it is none, or is not known before substitutions are resolved. */
  static Optional<ConfigObject> of(Config config) {
    return ConfigTree.at(config.root(), BLOCK).flatMap(ConfigTree::object);
  }

  /** The configuration with another block in place of the one that it has. */
  static Config with(Config config, ConfigObject block) {
    return ConfigTree.replace(config.root(), BLOCK, before -> block).toConfig();
  }

  static Config withWholeNames(Config config) {
    return of(config)
        .map(block -> with(config, withWholeNames(block, config.root())))
        .orElse(config);
  }

  private static ConfigObject withWholeNames(ConfigObject block, ConfigObject root) {
    Map<String, ConfigValue> settings = new LinkedHashMap<>();
    collect("", block, root, settings);
    ConfigObject flat = ConfigFactory.empty().root();
    for (Map.Entry<String, ConfigValue> setting : settings.entrySet()) {
      flat = flat.withValue(setting.getKey(), setting.getValue());
    }
    return flat.withOrigin(block.origin());
  }

  private static void collect(
      String prefix, ConfigObject object, ConfigObject root, Map<String, ConfigValue> settings) {
    for (String member : object.keySet()) {
      ConfigValue value = object.get(member);
      String name = member.isEmpty() || prefix.isEmpty() ? prefix + member : prefix + "." + member;
      Optional<ConfigObject> below = ConfigTree.object(value);
      if (below.isPresent()) {
        collect(name, below.get(), root, settings);
      } else {
        settings.put(name, fromEnvironment(value, root).orElse(TextKeys.asWritten(value)));
      }
    }
  }

  /** The value of an environment variable, which remembers where it is from. */
  private static Optional<ConfigValue> fromEnvironment(ConfigValue value, ConfigObject root) {
    if (ConfigTree.type(value).isPresent()) {
      return Optional.empty();
    }
    Matcher reference = ENVIRONMENT.matcher(Hocon.text(value));
    return reference.matches() && !root.containsKey(reference.group(1))
        ? Optional.ofNullable(System.getenv(reference.group(1)))
            .map(
                text ->
                    ConfigValueFactory.fromAnyRef(text)
                        .withOrigin(
                            ConfigOriginFactory.newSimple(FROM_ENVIRONMENT + reference.group(1))))
        : Optional.empty();
  }

  /**
   * The configuration with {@link Secrets#HIDDEN} for what is to come from the environment, but is
   * not there.
   */
  static Config withoutUnknown(Config config) {
    return of(config).map(block -> with(config, withoutUnknown(block))).orElse(config);
  }

  private static ConfigObject withoutUnknown(ConfigObject block) {
    ConfigObject known = block;
    for (String key : block.keySet()) {
      if (ConfigTree.type(block.get(key)).isEmpty()) {
        known = known.withValue(key, ConfigValueFactory.fromAnyRef(Secrets.HIDDEN));
      }
    }
    return known;
  }

  /** The environment variable that a value was taken from. */
  static Optional<String> variableOf(ConfigValue value) {
    String origin = value.origin().description();
    return origin.startsWith(FROM_ENVIRONMENT)
        ? Optional.of(origin.substring(FROM_ENVIRONMENT.length()))
        : Optional.empty();
  }
}
