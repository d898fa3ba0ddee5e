package dev.convoy.data.image;

/** What receives the rows of a picture while it is decoded. */
interface Rows {
  /**
   * Takes the next row, from the top as stored.
   *
   * @param channels one array of 8-bit values for each channel, grey or red, green and blue, as
   *     long as a row or longer; borrowed until this method returns
   */
  void accept(byte[][] channels);
}
