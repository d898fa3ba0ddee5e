package dev.convoy.driver.configuration;

import dev.convoy.data.Text;
import dev.convoy.data.component.ValueType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How often something happens.
 *
 * @param count of units, at least 1
 * @param unit what is counted
 */
public record Interval(long count, Unit unit) {
  private static final Pattern WRITTEN = Pattern.compile("\\s*(\\d{1,15})\\s*([a-z]+)\\s*");

  /** What an interval counts. */
  public enum Unit {
    /** Rounds: from one averaging to the next. */
    ROUNDS("rounds"),
    /** Passes over the training data. */
    EPOCHS("epochs"),
    /** Seconds of training. */
    SECONDS("seconds, minutes, hours");

    private final String words;

    Unit(String words) {
      this.words = words;
    }

    private String words() {
      return words;
    }
  }

  /** A whole number with one of the units, such as {@code 1 epoch} or {@code 20rounds}. */
  static ValueType<Interval> in(Unit... units) {
    List<Unit> all = Arrays.asList(units);
    return new ValueType.Notation<>(
        text -> parse(text).filter(found -> all.contains(found.unit())),
        Text.of(
            "a whole number and a unit (%s), such as \"%s\"",
            all.stream().map(Unit::words).collect(Collectors.joining(", ")),
            all.contains(Unit.EPOCHS) ? "1 epoch" : "90 seconds"));
  }

  private static Optional<Interval> parse(String text) {
    Matcher written = WRITTEN.matcher(text);
    if (!written.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(written.group(1));
    Interval interval =
        switch (written.group(2)) {
          case "round", "rounds" -> new Interval(count, Unit.ROUNDS);
          case "epoch", "epochs" -> new Interval(count, Unit.EPOCHS);
          case "s", "second", "seconds" -> new Interval(count, Unit.SECONDS);
          case "m", "minute", "minutes" -> new Interval(60 * count, Unit.SECONDS);
          case "h", "hour", "hours" -> new Interval(3600 * count, Unit.SECONDS);
          default -> null;
        };
    return Optional.ofNullable(interval).filter(found -> found.count() >= 1);
  }
}
