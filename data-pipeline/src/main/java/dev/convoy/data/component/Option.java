package dev.convoy.data.component;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * One option of a component: its name, type, default and meaning. The declaration is also the key
 * by which the component's constructor asks for the value ({@link OptionValues#value}). Immutable.
 *
 * @param <T> the value
 */
public final class Option<T> {
  private final String name;
  private final ValueType<T> type;
  private final Optional<Object> plainDefault;
  private final T defaultValue;
  private final String meaning;

  private Option(
      String name,
      ValueType<T> type,
      Optional<Object> plainDefault,
      T defaultValue,
      String meaning) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = type;
    this.plainDefault = plainDefault;
    this.defaultValue = defaultValue;
    this.meaning = Objects.requireNonNull(meaning, "meaning");
  }

  /**
   * An option of any type.
   *
   * @param defaultValue as a configuration file would hold it
   * @throws IllegalArgumentException if the default does not fit the type
   */
  public static <T> Option<T> of(
      String name, ValueType<T> type, Object defaultValue, String meaning) {
    List<Problem> problems = new ArrayList<>();
    T value = type.read(defaultValue, problems).orElse(null);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot declare option " + problems.get(0).within(name) + " as the default.");
    }
    return new Option<>(name, type, Optional.of(defaultValue), value, meaning);
  }

  /** A number within a range. */
  public static Option<Double> number(
      String name, double defaultValue, Range range, String meaning) {
    return of(name, new ValueType.RealNumber(range), defaultValue, meaning);
  }

  /** A list of numbers within a range, of any length. */
  public static Option<List<Double>> numbers(
      String name, List<Double> defaultValue, Range range, String meaning) {
    ValueType<Double> element = new ValueType.RealNumber(range);
    return of(name, new ValueType.ListOf<>(element, 0, Integer.MAX_VALUE), defaultValue, meaning);
  }

  /** A number from 0 to 1, both included. */
  public static Option<Double> probability(String name, double defaultValue, String meaning) {
    return number(name, defaultValue, Range.closed(0, 1), meaning);
  }

  /** A whole number from {@code minimum} to {@code maximum}, both included. */
  public static Option<Integer> wholeNumber(
      String name, int defaultValue, int minimum, int maximum, String meaning) {
    return of(name, new ValueType.WholeNumber(minimum, maximum), defaultValue, meaning);
  }

  /** A list of whole numbers from {@code minimum} to {@code maximum}, of any length. */
  public static Option<List<Integer>> wholeNumbers(
      String name, List<Integer> defaultValue, int minimum, int maximum, String meaning) {
    ValueType<Integer> element = new ValueType.WholeNumber(minimum, maximum);
    return of(name, new ValueType.ListOf<>(element, 0, Integer.MAX_VALUE), defaultValue, meaning);
  }

  /** A number of epochs, written with its unit. */
  public static Option<Double> epochs(String name, double defaultValue, String meaning) {
    return epochs(name, defaultValue, Range.atLeast(0), meaning);
  }

  /** A number of epochs within a range, written with its unit. */
  public static Option<Double> epochs(
      String name, double defaultValue, Range range, String meaning) {
    return of(name, new ValueType.Epochs(range), defaultValue + " epochs", meaning);
  }

  /** On or off. */
  public static Option<Boolean> flag(String name, boolean defaultValue, String meaning) {
    return of(name, new ValueType.Flag(), defaultValue ? "on" : "off", meaning);
  }

  /** One of the values of an enumeration, by its name in configurations. */
  public static <E extends Enum<E>> Option<E> choice(
      String name, E defaultValue, Function<E, String> nameOf, String meaning) {
    List<E> values = Arrays.asList(defaultValue.getDeclaringClass().getEnumConstants());
    return of(name, new ValueType.Choice<>(values, nameOf), nameOf.apply(defaultValue), meaning);
  }

  /** A member of a family. */
  public static <T> Option<T> member(
      String name, Family<T> family, String defaultName, String meaning) {
    return of(name, new ValueType.Member<>(family), defaultName, meaning);
  }

  /** A value that is not set unless it is given; null unsets it. */
  public static <T> Option<Optional<T>> optional(String name, ValueType<T> type, String meaning) {
    return new Option<>(
        name, new ValueType.OptionalOf<>(type), Optional.empty(), Optional.empty(), meaning);
  }

  /** The name in configurations. */
  public String name() {
    return name;
  }

  /** What values fit, and how they are read. */
  public ValueType<T> type() {
    return type;
  }

  /** What the option changes, in a few words, with its unit. */
  public String meaning() {
    return meaning;
  }

  /**
   * The default as a configuration file would hold it; empty if the option is not set by default.
   */
  public Optional<Object> plainDefault() {
    return plainDefault;
  }

  /** The value where none is given. */
  T defaultValue() {
    return defaultValue;
  }
}
