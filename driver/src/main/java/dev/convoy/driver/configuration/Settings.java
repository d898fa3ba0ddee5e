package dev.convoy.driver.configuration;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.component.Family;
import dev.convoy.data.component.Option;
import dev.convoy.data.component.Problem;
import dev.convoy.data.component.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Typed reading of a merged configuration. A value that does not fit is noted as a problem and
 * replaced by a stand-in, so that one pass finds every problem.
 */
final class Settings {
  private static final Pattern WITH_UNIT = Pattern.compile("\\s*(\\d+)\\s*([a-z]+)\\s*");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
  private static final Map<String, Interval> UNITS =
      Map.ofEntries(
          Map.entry("round", new Interval(1, Interval.Unit.ROUNDS)),
          Map.entry("rounds", new Interval(1, Interval.Unit.ROUNDS)),
          Map.entry("epoch", new Interval(1, Interval.Unit.EPOCHS)),
          Map.entry("epochs", new Interval(1, Interval.Unit.EPOCHS)),
          Map.entry("s", new Interval(1, Interval.Unit.SECONDS)),
          Map.entry("second", new Interval(1, Interval.Unit.SECONDS)),
          Map.entry("seconds", new Interval(1, Interval.Unit.SECONDS)),
          Map.entry("m", new Interval(60, Interval.Unit.SECONDS)),
          Map.entry("minute", new Interval(60, Interval.Unit.SECONDS)),
          Map.entry("minutes", new Interval(60, Interval.Unit.SECONDS)),
          Map.entry("h", new Interval(3600, Interval.Unit.SECONDS)),
          Map.entry("hour", new Interval(3600, Interval.Unit.SECONDS)),
          Map.entry("hours", new Interval(3600, Interval.Unit.SECONDS)));

  private final Config config;
  private final List<String> problems;

  Settings(Config config, List<String> problems) {
    this.config = config;
    this.problems = problems;
  }

  /** Notes that the value of a key does not fit, once, and not below another that does not fit. */
  void problem(String key, String expected) {
    String problem = describe(key, config.root(), valueAt(key), expected);
    if (!isBelowAPlainValue(key) && !problems.contains(problem)) {
      problems.add(problem);
    }
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
    return description.startsWith("command line") ? "command line" : description;
  }

  /** The value at a path, in which {@code [2]} is the third element of a list; or null. */
  private ConfigValue valueAt(String path) {
    ConfigValue value = config.root();
    for (String part : ConfigUtil.splitPath(path.replaceAll("\\[(\\d+)]", ".$1"))) {
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

  boolean isBoolean(String key) {
    ConfigValue value = valueAt(key);
    return value != null && value.unwrapped() instanceof Boolean;
  }

  boolean isNumber(String key) {
    return asNumber(valueAt(key)).isPresent();
  }

  private static Optional<Double> asNumber(ConfigValue value) {
    if (value == null) {
      return Optional.empty();
    }
    if (value.unwrapped() instanceof Number number) {
      return Optional.of(number.doubleValue());
    }
    if (value.unwrapped() instanceof String text) {
      return NUMBER.matcher(text.strip()).matches()
          ? Optional.of(Double.valueOf(text.strip()))
          : Optional.empty();
    }
    return Optional.empty();
  }

  double number(String key, String expected, DoublePredicate valid) {
    Optional<Double> number = asNumber(valueAt(key)).filter(Double::isFinite).filter(valid::test);
    if (number.isEmpty()) {
      problem(key, expected);
    }
    return number.orElse(1.0);
  }

  int wholeNumber(String key, int minimum, int maximum) {
    String expected =
        maximum == Integer.MAX_VALUE
            ? "a whole number of at least " + minimum
            : "a whole number from " + minimum + " to " + maximum;
    double number =
        number(
            key,
            expected,
            value -> value == Math.rint(value) && value >= minimum && value <= maximum);
    return Math.max(minimum, (int) number);
  }

  long longNumber(String key) {
    ConfigValue value = valueAt(key);
    if (value != null) {
      try {
        return new java.math.BigDecimal(Hocon.original(value)).longValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        // falls through to the problem
      }
    }
    problem(key, "a whole number of 64 bits");
    return 1;
  }

  boolean flag(String key) {
    ConfigValue value = valueAt(key);
    Object unwrapped = value == null ? null : value.unwrapped();
    if (unwrapped instanceof Boolean flag) {
      return flag;
    }
    String text = String.valueOf(unwrapped).toLowerCase(Locale.ROOT);
    if (text.equals("on") || text.equals("yes") || text.equals("true")) {
      return true;
    }
    if (!text.equals("off") && !text.equals("no") && !text.equals("false")) {
      problem(key, "on or off");
    }
    return false;
  }

  String text(String key, String expected) {
    return optionalText(key)
        .orElseGet(
            () -> {
              problem(key, expected);
              return "";
            });
  }

  /** Empty for null, and for anything that is no string, which is noted. */
  Optional<String> optionalText(String key) {
    if (isNull(key)) {
      return Optional.empty();
    }
    ConfigValue value = valueAt(key);
    if (value instanceof ConfigObject || value.unwrapped() instanceof List<?>) {
      problem(key, "text");
      return Optional.empty();
    }
    return Optional.of(String.valueOf(value.unwrapped())).filter(text -> !text.isBlank());
  }

  String oneOf(String key, NavigableSet<String> names) {
    Optional<String> text = optionalText(key).filter(names::contains);
    if (text.isEmpty()) {
      problem(key, "one of " + String.join(", ", names));
    }
    return text.orElse(names.first());
  }

  /** One of some values, by its name. */
  <T> T named(String key, T[] values, Function<T, String> nameOf) {
    TreeMap<String, T> named = new TreeMap<>();
    Arrays.stream(values).forEach(value -> named.put(nameOf.apply(value), value));
    return named.get(oneOf(key, named.navigableKeySet()));
  }

  /** Empty for null. */
  OptionalInt optionalWholeNumber(String key, int minimum) {
    return isNull(key)
        ? OptionalInt.empty()
        : OptionalInt.of(wholeNumber(key, minimum, Integer.MAX_VALUE));
  }

  List<Double> numbers(String key) {
    ConfigValue value = valueAt(key);
    List<Double> numbers = new ArrayList<>();
    if (value != null && value.unwrapped() instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Number number) {
          numbers.add(number.doubleValue());
        }
      }
      if (numbers.size() == list.size()) {
        return numbers;
      }
    }
    problem(key, "a list of numbers");
    return List.of();
  }

  /** A list of whole numbers that are large enough. */
  List<Integer> wholeNumbers(String key, int smallest) {
    List<Double> numbers = numbers(key);
    for (double number : numbers) {
      if (number != Math.rint(number) || number < smallest || number > Integer.MAX_VALUE) {
        problem(key, "a list of whole numbers of at least " + smallest);
        return List.of();
      }
    }
    return numbers.stream().map(Double::intValue).toList();
  }

  /** A list of texts; one text alone is a list of one. */
  List<String> texts(String key) {
    ConfigValue value = valueAt(key);
    if (value != null && value.unwrapped() instanceof String text) {
      return List.of(text);
    }
    List<String> texts = new ArrayList<>();
    if (value != null && value.unwrapped() instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof String text) {
          texts.add(text);
        }
      }
      if (texts.size() == list.size()) {
        return texts;
      }
    }
    problem(key, "a list of texts");
    return List.of();
  }

  /** A value of a declared type; what does not fit in it is noted where it stands. */
  <T> Optional<T> value(String key, ValueType<T> type) {
    ConfigValue value = valueAt(key);
    List<Problem> found = new ArrayList<>();
    Optional<T> read = type.read(value == null ? null : value.unwrapped(), found);
    found.forEach(problem -> problem(key, problem));
    return read;
  }

  /**
   * The settings of a member of a family: the block's {@code name}, and of its other keys those
   * that the member declares. What does not fit is noted and left out.
   */
  <T> ComponentSettings member(String key, Family<T> family) {
    String nameKey = key + "." + ComponentSettings.NAME_KEY;
    String name = oneOf(nameKey, new TreeSet<>(family.names()));
    Map<String, Object> options = members(key);
    options.keySet().retainAll(family.member(name).options().stream().map(Option::name).toList());
    for (Problem problem : family.problems(new ComponentSettings(name, options))) {
      problem(key, problem);
      options.remove(problem.option());
    }
    return new ComponentSettings(name, options);
  }

  private void problem(String key, Problem found) {
    String path = found.within(key).path();
    if (valueAt(path) != null || found.path().isEmpty()) {
      problem(path, found.expected());
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

  /** A number with one of the given units, such as {@code 1 epoch} or {@code 20rounds}. */
  Interval interval(String key, List<Interval.Unit> units) {
    Interval interval = parseInterval(key);
    if (interval == null || !units.contains(interval.unit()) || interval.count() < 1) {
      problem(key, "a whole number and a unit (" + unitNames(units) + "), such as \"1 epoch\"");
      return new Interval(1, Interval.Unit.EPOCHS);
    }
    return interval;
  }

  private Interval parseInterval(String key) {
    ConfigValue value = valueAt(key);
    Matcher matcher = WITH_UNIT.matcher(value == null ? "" : String.valueOf(value.unwrapped()));
    if (!matcher.matches() || !UNITS.containsKey(matcher.group(2))) {
      return null;
    }
    Interval unit = UNITS.get(matcher.group(2));
    try {
      return new Interval(
          Math.multiplyExact(Long.parseLong(matcher.group(1)), unit.count()), unit.unit());
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private static String unitNames(List<Interval.Unit> units) {
    return String.join(
        ", ", units.stream().map(unit -> unit.name().toLowerCase(Locale.ROOT)).toList());
  }
}
