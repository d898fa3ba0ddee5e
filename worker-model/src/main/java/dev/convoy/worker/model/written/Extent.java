package dev.convoy.worker.model.written;

import dev.convoy.data.component.Problem;
import dev.convoy.data.component.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntBinaryOperator;

/**
 * A number of pixels down and one across.
 *
 * @param height down
 * @param width across
 * @param isSide whether one number was written for both
 */
record Extent(int height, int width, boolean isSide) {
  /** The same number in both directions. */
  static Extent side(int pixels) {
    return new Extent(pixels, pixels, true);
  }

  /** A number for both directions, or a list of both. */
  static ValueType<Extent> type(int minimum, int maximum) {
    ValueType<Integer> side = ValueType.wholeNumber(minimum, maximum);
    return new ValueType.Structure<>(
        (value, problems) -> read(value, side, problems),
        side.expected() + ", or [height, width] of such");
  }

  private static Optional<Extent> read(
      Object value, ValueType<Integer> side, List<Problem> problems) {
    if (value instanceof List<?>) {
      return new ValueType.ListOf<>(side, 2, 2)
          .read(value, problems)
          .map(both -> new Extent(both.get(0), both.get(1), false));
    }
    List<Problem> ofOneNumber = new ArrayList<>(); // there may be two
    return side.read(value, ofOneNumber).map(Extent::side);
  }

  /** Of a series, whose images have one row: what one number says of columns alone. */
  Extent ofSeries(int height) {
    return isSide ? new Extent(height, width, false) : this;
  }

  /** Combined with another one, direction by direction. */
  Extent with(Extent other, IntBinaryOperator combination) {
    return new Extent(
        combination.applyAsInt(height, other.height),
        combination.applyAsInt(width, other.width),
        isSide && other.isSide);
  }

  /** {height, width}. */
  int[] both() {
    return new int[] {height, width};
  }

  /** Whether either number is larger than that of another extent. */
  boolean exceeds(Extent other) {
    return height > other.height || width > other.width;
  }

  @Override
  public String toString() {
    return height + " × " + width;
  }
}
