package dev.convoy.driver.report;

import dev.convoy.data.Text;
import java.util.ArrayList;
import java.util.List;

/** Tables of text, every column as wide as its widest cell. */
public final class AlignedText {
  private AlignedText() {}

  /**
   * A line for each row, without blanks at its end.
   *
   * @param rows at least one, all with as many cells
   * @param left how many columns lie to the left, as names do; those behind them lie to the right
   */
  public static List<String> lines(List<List<String>> rows, int left) {
    int columns = rows.get(0).size();
    List<String> formats = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      int column = i;
      int width = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
      // A format has no width of 0.
      formats.add("%" + (i < left ? "-" : "") + Math.max(1, width) + "s");
    }
    String format = String.join("  ", formats);
    return rows.stream().map(row -> Text.of(format, row.toArray()).stripTrailing()).toList();
  }
}
