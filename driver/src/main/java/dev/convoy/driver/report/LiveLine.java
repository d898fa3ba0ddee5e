package dev.convoy.driver.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of several fields that is drawn over and over on a terminal. Where it is too long for the
 * terminal, fields are left out, the least important first, so that it never wraps.
 *
 * @param fields in the order of the line
 */
public record LiveLine(List<Field> fields) {
  private static final String SEPARATOR = "  ";
  private static final String CUT = "…";
  private static final int MIN_COLUMNS = 8;

  /**
   * A part of a line.
   *
   * @param text without line breaks
   * @param importance of fields that do not fit together the one with the least is left out
   */
  public record Field(String text, int importance) {}

  /** Copies the fields. */
  public LiveLine {
    fields = List.copyOf(fields);
  }

  /** Of fields that are the less important the later they stand. */
  public static LiveLine of(List<String> texts) {
    List<Field> fields = new ArrayList<>();
    for (String text : texts) {
      fields.add(new Field(text, texts.size() - fields.size()));
    }
    return new LiveLine(fields);
  }

  /** All of it. */
  public String text() {
    return text(fields);
  }

  /**
   * What fits.
   *
   * @param columns of the terminal
   */
  public String fitted(int columns) {
    List<Field> left = new ArrayList<>(fields);
    while (left.size() > 1 && TerminalText.columns(text(left)) > columns) {
      int least = 0;
      for (int i = 1; i < left.size(); i++) {
        if (left.get(i).importance() <= left.get(least).importance()) {
          least = i;
        }
      }
      left.remove(least);
    }
    return TerminalText.cut(text(left), columns, CUT);
  }

  /** The whole line after a title. */
  String after(String what) {
    return what + SEPARATOR + text();
  }

  /** As much of the line as fits, after as much of a title as then fits. */
  String fittedAfter(String what, int columns) {
    String state = fitted(columns);
    int left = columns - TerminalText.columns(state) - SEPARATOR.length();
    return left < MIN_COLUMNS ? state : TerminalText.cut(what, left, CUT) + SEPARATOR + state;
  }

  private static String text(List<Field> fields) {
    return String.join(
        SEPARATOR, fields.stream().map(Field::text).filter(text -> !text.isEmpty()).toList());
  }
}
