package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.convoy.data.component.Problem;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.format.Locations;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Typed reading of a merged configuration. A value that does not fit is noted as a problem and
 * replaced by a stand-in, so that one pass finds every problem.
 */
final class Settings {
  private static final ValueType<Long> SEED =
      new ValueType.Notation<>(Settings::wholeNumber, "a whole number of 64 bits");

  private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]");

  /** How the library describes blocks that overrides were put into. */
  private static final String OF_OVERRIDDEN_BLOCKS = "withValue(";

  private final Config config;
  private final List<String> problems;
  private final Map<String, ValueType<?>> types = new LinkedHashMap<>();

  Settings(Config config, List<String> problems) {
    this.config = config;
    this.problems = problems;
  }

  Config config() {
    return config;
  }

  /** The type of every key that was asked for so far. */
  Map<String, ValueType<?>> types() {
    return types;
  }

  /** Notes that the value of a key does not fit, once, and not below another that does not fit. */
  void problem(String key, String expected) {
    String problem = describe(key, config.root(), valueAt(key), expected);
    if (!isBelowAPlainValue(key) && !problems.contains(problem)) {
      problems.add(problem);
    }
  }

  void note(String problem) {
    problems.add(problem);
  }

  /** Notes something about a part of a value, which stands at a path. */
  void noteAt(String path, String problem) {
    problems.add(path + ": " + problem + " (" + place(nearest(path)) + ")");
  }

  /** How many problems there are so far. */
  int countProblems() {
    return problems.size();
  }

  /** Whether something stands where the object around the key is expected. */
  private boolean isBelowAPlainValue(String key) {
    int dot = key.lastIndexOf('.');
    return dot > 0 && !(valueAt(key.substring(0, dot)) instanceof ConfigObject);
  }

  static String describe(String key, ConfigObject root, ConfigValue value, String expected) {
    String found = value == null ? "null" : found(key, value);
    String where = value == null ? place(root) : place(value);
    return key + " = " + found + ": expected " + expected + " (" + where + ")";
  }

  private static String found(String key, ConfigValue value) {
    boolean isPlain = value.valueType() == ConfigValueType.NUMBER;
    return Secrets.isSecret(key)
        ? Secrets.HIDDEN
        : Secrets.withoutPasswords(isPlain ? Hocon.original(value) : Hocon.text(value));
  }

  /** Where a value was written; on the command line there are no line numbers to speak of. */
  static String place(ConfigValue value) {
    String description = value.origin().description();
    boolean isOverride =
        description.startsWith("command line") || description.startsWith(OF_OVERRIDDEN_BLOCKS);
    return isOverride ? "command line" : description;
  }

  /** The value at a path, in which {@code [2]} is the third element of a list; or null. */
  private ConfigValue valueAt(String path) {
    ConfigValue value = config.root();
    for (String part : ConfigUtil.splitPath(INDEX.matcher(path).replaceAll(".$1"))) {
      if (value instanceof ConfigList list && part.matches("\\d+")) {
        value = list.get(Integer.parseInt(part));
      } else if (value instanceof ConfigObject object) {
        value = object.get(part);
      } else {
        return null;
      }
    }
    return value;
  }

  boolean isNull(String key) {
    ConfigValue value = valueAt(key);
    return value == null || value.valueType() == ConfigValueType.NULL;
  }

  /** Whether a block was switched off: {@code key = off}. */
  boolean isOff(String key) {
    ConfigValue value = valueAt(key);
    return value != null
        && (Boolean.FALSE.equals(value.unwrapped())
            || "off".equals(value.unwrapped())
            || "no".equals(value.unwrapped()));
  }

  boolean isObject(String key) {
    return valueAt(key) instanceof ConfigObject;
  }

  boolean isNumber(String key) {
    return ValueType.number(Range.ALL).read(plain(key), new ArrayList<>()).isPresent();
  }

  /** The value of a key; where it does not fit, which is noted, the key's default. */
  <T> T get(String key, ValueType<T> type) {
    return value(key, type)
        .orElseGet(
            () -> new Settings(Defaults.CONFIG, new ArrayList<>()).value(key, type).orElseThrow());
  }

  boolean flag(String key) {
    return get(key, new ValueType.Flag());
  }

  Optional<String> optionalText(String key) {
    return get(key, new ValueType.Text().orNull());
  }

  /** A path, with the home directory in place of {@code ~}; empty for null. */
  Optional<String> path(String key) {
    return optionalText(key)
        .map(
            text -> {
              try {
                return Locations.expandHome(text);
              } catch (IllegalArgumentException e) {
                problem(
                    key,
                    "a path, in which only your own home is ~; a name that begins with ~ is"
                        + " written ./~…");
                return text;
              }
            });
  }

  /** The seed of everything that has none of its own. */
  long seed() {
    return get("seed", SEED);
  }

  /** A seed of its own; for null that of everything. */
  long seed(String key) {
    return get(key, SEED.orNull()).orElseGet(this::seed);
  }

  private static Optional<Long> wholeNumber(String text) {
    try {
      return Optional.of(new BigDecimal(text).longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Seconds of a number of minutes; infinite for null. */
  double seconds(String key) {
    return get(key, ValueType.number(Range.above(0)).orNull())
        .map(minutes -> 60 * minutes)
        .orElse(Double.POSITIVE_INFINITY);
  }

  OptionalInt optionalWholeNumber(String key, int minimum, int maximum) {
    return get(key, ValueType.wholeNumber(minimum, maximum).orNull())
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  OptionalInt optionalWholeNumber(String key, int minimum) {
    return optionalWholeNumber(key, minimum, Integer.MAX_VALUE);
  }

  String oneOf(String key, NavigableSet<String> names) {
    return get(key, ValueType.oneOf(names));
  }

  /** A value of a declared type; what does not fit in it is noted where it stands. */
  <T> Optional<T> value(String key, ValueType<T> type) {
    types.putIfAbsent(key, type);
    List<Problem> found = new ArrayList<>();
    Optional<T> read = type.read(plain(key), found);
    found.forEach(problem -> problem(key, problem));
    return read;
  }

  private Object plain(String key) {
    ConfigValue value = valueAt(key);
    return value == null ? null : value.unwrapped();
  }

  private void problem(String key, Problem found) {
    String path = found.within(key).path();
    if (valueAt(path) != null || found.path().isEmpty()) {
      problem(path, found.expected() + NearestName.hint(found));
    } else {
      problems.add(found.within(key) + " (" + place(nearest(path)) + ")");
    }
  }

  /** The value at a path, or where there is none, what stands around it. */
  private ConfigValue nearest(String path) {
    ConfigValue value = valueAt(path);
    int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    return value != null ? value : end < 0 ? config.root() : nearest(path.substring(0, end));
  }

  /** A list of objects, each a configuration; anything else is noted. */
  List<Config> configurations(String key) {
    if (valueAt(key) instanceof ConfigList list
        && list.stream().allMatch(ConfigObject.class::isInstance)) {
      return list.stream().map(element -> ((ConfigObject) element).toConfig()).toList();
    }
    problem(key, "a list of blocks { key = value, … }");
    return List.of();
  }

  /** An object as a configuration; anything else is noted. */
  Config configuration(String key) {
    if (valueAt(key) instanceof ConfigObject object) {
      return object.toConfig();
    }
    problem(key, "a block { key = value, … }");
    return ConfigFactory.empty();
  }

  /** The members of an object as plain values. */
  Map<String, Object> members(String key) {
    return valueAt(key) instanceof ConfigObject object
        ? new TreeMap<>(object.unwrapped())
        : new TreeMap<>();
  }

  /** The members of an object, values as text. */
  Map<String, String> leaves(String key) {
    Map<String, String> leaves = new TreeMap<>();
    if (valueAt(key) instanceof ConfigObject object) {
      object.forEach(
          (name, value) -> {
            if (value instanceof ConfigObject || value.unwrapped() instanceof List<?>) {
              problems.add(describe(key + "." + name, config.root(), value, "text"));
            } else if (value.valueType() != ConfigValueType.NULL) {
              leaves.put(name, Hocon.original(value));
            }
          });
    } else {
      problem(key, "an object of Spark settings");
    }
    return leaves;
  }
}
