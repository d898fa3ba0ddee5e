package dev.convoy.data.component;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The type of an option's value: turns what a configuration file holds into a Java value, or says
 * what it expects instead. Immutable.
 *
 * @param <T> the Java value
 */
public sealed interface ValueType<T> {
  /** A number as it is written. */
  Pattern NUMBER = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

  /**
   * Reads a value.
   *
   * @param value as a configuration file holds it, see {@link ComponentSettings}
   * @param problems gets what does not fit, with paths from this value on (empty for the value
   *     itself)
   * @return empty exactly if a problem was added
   */
  Optional<T> read(Object value, List<Problem> problems);

  /** What fits, in words, after "expected". */
  String expected();

  /** A number within a range. */
  static ValueType<Double> number(Range range) {
    return new RealNumber(range);
  }

  /** A whole number from {@code minimum} to {@code maximum}, both included. */
  static ValueType<Integer> wholeNumber(int minimum, int maximum) {
    return new WholeNumber(minimum, maximum);
  }

  /** A whole number of at least {@code minimum}. */
  static ValueType<Integer> wholeNumber(int minimum) {
    return new WholeNumber(minimum, Integer.MAX_VALUE);
  }

  /** One of some names. */
  static ValueType<String> oneOf(Collection<String> names) {
    return new Choice<>(List.copyOf(names), Function.identity());
  }

  /** One of the constants of an enumeration, by its {@link #nameOf}. */
  static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    return new Choice<>(List.of(type.getEnumConstants()), ValueType::nameOf);
  }

  /** The name of a constant in configurations: its words in lower case, joined by hyphens. */
  static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Such a value, or null for none. */
  default ValueType<Optional<T>> orNull() {
    return new OptionalOf<>(this);
  }

  /** A list of such values, of any length. */
  default ValueType<List<T>> list() {
    return new ListOf<>(this, 0, Integer.MAX_VALUE);
  }

  /** Whether every value is a text, also where it looks like a number. */
  default boolean isText() {
    return this instanceof Text
        || this instanceof Choice
        || (this instanceof OptionalOf<?> optional && optional.value().isText());
  }

  /** A number within a range. */
  record RealNumber(Range range) implements ValueType<Double> {
    @Override
    public Optional<Double> read(Object value, List<Problem> problems) {
      return accept(this, number(value).filter(range::contains), value, problems);
    }

    @Override
    public String expected() {
      return ("a number " + range).strip();
    }
  }

  /** A whole number from {@code minimum} to {@code maximum}, both included. */
  record WholeNumber(int minimum, int maximum) implements ValueType<Integer> {
    @Override
    public Optional<Integer> read(Object value, List<Problem> problems) {
      Optional<Integer> whole =
          number(value)
              .filter(number -> number == Math.rint(number))
              .filter(number -> number >= minimum && number <= maximum)
              .map(Double::intValue);
      return accept(this, whole, value, problems);
    }

    @Override
    public String expected() {
      return maximum == Integer.MAX_VALUE
          ? "a whole number of at least " + minimum
          : "a whole number from " + minimum + " to " + maximum;
    }
  }

  /** A number of epochs within a range with its unit: {@code "0.5 epochs"}. */
  record Epochs(Range range) implements ValueType<Double> {
    private static final Pattern WRITTEN = Pattern.compile("\\s*(\\d+(?:\\.\\d+)?)\\s*epochs?\\s*");

    @Override
    public Optional<Double> read(Object value, List<Problem> problems) {
      Matcher matcher = WRITTEN.matcher(String.valueOf(value));
      Optional<Double> epochs =
          matcher.matches() ? Optional.of(Double.valueOf(matcher.group(1))) : Optional.empty();
      return accept(this, epochs.filter(range::contains), value, problems);
    }

    @Override
    public String expected() {
      String above = range.contains(0) ? "" : " " + range;
      return "a number of epochs" + above + ", such as \"0.5 epochs\"";
    }
  }

  /** On or off. */
  record Flag() implements ValueType<Boolean> {
    private static final Map<String, Boolean> WORDS =
        Map.of("on", true, "yes", true, "true", true, "off", false, "no", false, "false", false);

    @Override
    public Optional<Boolean> read(Object value, List<Problem> problems) {
      return accept(
          this,
          Optional.ofNullable(WORDS.get(String.valueOf(value).toLowerCase(Locale.ROOT))),
          value,
          problems);
    }

    @Override
    public String expected() {
      return "on or off";
    }
  }

  /** Any text that is not blank. */
  record Text() implements ValueType<String> {
    @Override
    public Optional<String> read(Object value, List<Problem> problems) {
      boolean plain = value instanceof String || value instanceof Number;
      Optional<String> text =
          plain ? Optional.of(value.toString()).filter(t -> !t.isBlank()) : Optional.empty();
      return accept(this, text, value, problems);
    }

    @Override
    public String expected() {
      return "text";
    }
  }

  /** One of some values, by its name, in the order in which they are listed. */
  record Choice<T>(List<T> values, Function<T, String> nameOf) implements ValueType<T> {
    /** Copies the values. */
    public Choice {
      values = List.copyOf(values);
    }

    @Override
    public Optional<T> read(Object value, List<Problem> problems) {
      Optional<T> chosen =
          values.stream()
              .filter(candidate -> nameOf.apply(candidate).equals(String.valueOf(value)))
              .findFirst();
      return accept(this, chosen, value, problems);
    }

    @Override
    public String expected() {
      return values.stream().map(nameOf).collect(Collectors.joining(", ", "one of ", ""));
    }
  }

  /**
   * A value with a notation of its own.
   *
   * @param parse the value of what was written, if it is one
   * @param expected what fits, in words
   */
  record Notation<T>(Function<String, Optional<T>> parse, String expected) implements ValueType<T> {
    @Override
    public Optional<T> read(Object value, List<Problem> problems) {
      boolean plain =
          value instanceof String || value instanceof Number || value instanceof Boolean;
      return accept(
          this, plain ? parse.apply(value.toString()) : Optional.empty(), value, problems);
    }
  }

  /**
   * A value that is made of others in a way of its own.
   *
   * @param reader gives the value, or adds what does not fit
   * @param expected what fits, in words
   */
  record Structure<T>(Reader<T> reader, String expected) implements ValueType<T> {
    /** Reads as {@link ValueType#read} does; without a value and a problem, the whole is one. */
    @FunctionalInterface
    public interface Reader<T> {
      /** The value, if it is one. */
      Optional<T> read(Object value, List<Problem> problems);
    }

    @Override
    public Optional<T> read(Object value, List<Problem> problems) {
      List<Problem> within = new ArrayList<>();
      Optional<T> read = reader.read(value, within);
      problems.addAll(within);
      return within.isEmpty() ? accept(this, read, value, problems) : Optional.empty();
    }
  }

  /**
   * A list of values of one type, with {@code least} to {@code most} elements. One text alone is a
   * list of one.
   */
  record ListOf<T>(ValueType<T> element, int least, int most) implements ValueType<List<T>> {
    @Override
    public Optional<List<T>> read(Object value, List<Problem> problems) {
      if (value instanceof String && element.isText()) {
        return read(List.of(value), problems);
      }
      if (!(value instanceof List<?> given) || given.size() < least || given.size() > most) {
        return accept(this, Optional.empty(), value, problems);
      }
      List<T> elements = new ArrayList<>();
      for (int i = 0; i < given.size(); i++) {
        List<Problem> within = new ArrayList<>();
        element.read(given.get(i), within).ifPresent(elements::add);
        String place = "[" + i + "]";
        within.forEach(problem -> problems.add(problem.within(place)));
      }
      return elements.size() == given.size()
          ? Optional.of(List.copyOf(elements))
          : Optional.empty();
    }

    @Override
    public String expected() {
      String length = least == most ? "exactly " + least + " elements, each " : "";
      String bounds = least > 0 && least != most ? "at least " + least + " elements, each " : "";
      return "a list of " + length + bounds + element.expected();
    }
  }

  /** The settings of a member of a family: a block with a name, or the name alone. */
  record MemberSettings<T>(Family<T> family) implements ValueType<ComponentSettings> {
    @Override
    public Optional<ComponentSettings> read(Object value, List<Problem> problems) {
      ComponentSettings settings;
      if (value instanceof Map<?, ?> block) {
        Map<String, Object> members = new TreeMap<>();
        block.forEach((key, member) -> members.put(key.toString(), member));
        settings = ComponentSettings.of(members);
      } else if (value instanceof String name) {
        settings = ComponentSettings.defaults(name);
      } else {
        return accept(this, Optional.empty(), value, problems);
      }
      List<Problem> within = family.problems(settings);
      problems.addAll(within);
      return within.isEmpty() ? Optional.of(settings) : Optional.empty();
    }

    @Override
    public String expected() {
      return "{ name = …, options } with one of " + String.join(", ", family.names());
    }
  }

  /** A member of a family, made from its settings. */
  record Member<T>(Family<T> family) implements ValueType<T> {
    @Override
    public Optional<T> read(Object value, List<Problem> problems) {
      return new MemberSettings<>(family).read(value, problems).map(family::create);
    }

    @Override
    public String expected() {
      return new MemberSettings<>(family).expected();
    }
  }

  /** A value, or nothing where none is set. */
  record OptionalOf<T>(ValueType<T> value) implements ValueType<Optional<T>> {
    @Override
    public Optional<Optional<T>> read(Object given, List<Problem> problems) {
      if (given == null || given.toString().isBlank()) {
        return Optional.of(Optional.empty());
      }
      List<Problem> within = new ArrayList<>();
      Optional<T> read = value.read(given, within);
      within.forEach(
          problem ->
              problems.add(
                  problem.path().isEmpty() ? new Problem("", given, expected()) : problem));
      return read.isPresent() ? Optional.of(read) : Optional.empty();
    }

    @Override
    public String expected() {
      return value.expected() + " or null";
    }
  }

  private static <T> Optional<T> accept(
      ValueType<T> type, Optional<T> read, Object found, List<Problem> problems) {
    if (read.isEmpty()) {
      problems.add(new Problem("", found, type.expected()));
    }
    return read;
  }

  /** A number, also where it was written as a text, as HOCON allows. */
  private static Optional<Double> number(Object value) {
    if (value instanceof Number number) {
      return Optional.of(number.doubleValue());
    }
    if (value instanceof String text) {
      return NUMBER.matcher(text.strip()).matches()
          ? Optional.of(Double.valueOf(text.strip()))
          : Optional.empty();
    }
    return Optional.empty();
  }
}
