package dev.convoy.data.image;

/** Takes the rows of a whole picture and hands on what belongs to a part. */
final class RowsOfPart implements Rows {
  private final CropBox part;
  private final Rows rows;
  private final byte[][] row;
  private int y;

  RowsOfPart(CropBox part, int channels, Rows rows) {
    this.part = part;
    this.rows = rows;
    this.row = new byte[channels][part.width()];
  }

  @Override
  public void accept(byte[][] channels) {
    if (y >= part.top() && y < part.top() + part.height()) {
      for (int channel = 0; channel < row.length; channel++) {
        System.arraycopy(channels[channel], part.left(), row[channel], 0, part.width());
      }
      rows.accept(row);
    }
    y++;
  }
}
