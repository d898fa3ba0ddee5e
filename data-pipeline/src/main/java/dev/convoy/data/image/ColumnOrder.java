package dev.convoy.data.image;

/**
 * How the values of a row lie while it is filtered. Java 17 makes vector instructions of a loop
 * that makes one number of four, but of none that makes bytes of numbers. So columns 0, 4, 8 and so
 * on of all channels come first, then 1, 5, 9, and so on: what becomes four neighbouring bytes has
 * the same place in each quarter. Quarters are equally long, if need be with values at their ends
 * that belong to no column. Immutable.
 */
final class ColumnOrder {
  /** How many quarters there are. */
  static final int QUARTERS = Integer.BYTES;

  private final int channels;
  private final int columns;
  private final int columnsOfQuarter;

  /** An order of the columns of so many channels. */
  ColumnOrder(int channels, int columns) {
    this.channels = channels;
    this.columns = columns;
    this.columnsOfQuarter = (columns + QUARTERS - 1) / QUARTERS;
  }

  int channels() {
    return channels;
  }

  int columns() {
    return columns;
  }

  /** How many values of one channel lie side by side in a quarter. */
  int columnsOfQuarter() {
    return columnsOfQuarter;
  }

  /** How many values a quarter has, those of all channels. */
  int quarter() {
    return channels * columnsOfQuarter;
  }

  /** How many values there are, those that belong to no column included. */
  int length() {
    return QUARTERS * quarter();
  }

  /** Where the value of a column is. */
  int place(int channel, int column) {
    return column % QUARTERS * quarter() + channel * columnsOfQuarter + column / QUARTERS;
  }
}
