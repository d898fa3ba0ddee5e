package dev.convoy.worker.model;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** An option with the check that its {@code expected} text describes. */
record DeclaredOption(String name, ModelOption description, Predicate<Object> allows) {

  private static final int LARGEST_SIZE = 65_536;

  /** A whole number of units, channels and the like. */
  static DeclaredOption size(String name, int defaultValue, String meaning) {
    return new DeclaredOption(
        name,
        new ModelOption(defaultValue, "a whole number from 1 to " + LARGEST_SIZE, meaning),
        DeclaredOption::isSize);
  }

  /** A list of sizes of a fixed length. */
  static DeclaredOption sizes(String name, List<Integer> defaultValue, int length, String meaning) {
    return new DeclaredOption(
        name,
        new ModelOption(
            defaultValue,
            String.format(
                Locale.ROOT,
                "a list of exactly %d whole number%s from 1 to %d",
                length,
                length == 1 ? "" : "s",
                LARGEST_SIZE),
            meaning),
        value -> isSizes(value) && ((List<?>) value).size() == length);
  }

  /** A list of sizes of any length, also empty. */
  static DeclaredOption sizes(String name, List<Integer> defaultValue, String meaning) {
    return new DeclaredOption(
        name,
        new ModelOption(defaultValue, "a list of whole numbers from 1 to " + LARGEST_SIZE, meaning),
        DeclaredOption::isSizes);
  }

  /** A probability below one. */
  static DeclaredOption probability(String name, double defaultValue, String meaning) {
    return new DeclaredOption(
        name,
        new ModelOption(defaultValue, "a number from 0 up to, but not including, 1", meaning),
        value ->
            value instanceof Number number
                && number.doubleValue() >= 0
                && number.doubleValue() < 1);
  }

  private static boolean isSizes(Object value) {
    return value instanceof List<?> list && list.stream().allMatch(DeclaredOption::isSize);
  }

  private static boolean isSize(Object value) {
    return value instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && number.doubleValue() >= 1
        && number.doubleValue() <= LARGEST_SIZE;
  }
}
