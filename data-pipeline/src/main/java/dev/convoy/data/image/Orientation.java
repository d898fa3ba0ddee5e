package dev.convoy.data.image;

/**
 * How the stored rows and columns of a picture lie in the picture as it was seen: the orientation
 * of EXIF, 1 to 8.
 *
 * @param transposed stored rows are columns of the picture that is seen
 * @param rightToLeft the columns that are seen run against their stored order
 * @param bottomToTop the rows that are seen run against their stored order
 */
record Orientation(boolean transposed, boolean rightToLeft, boolean bottomToTop) {
  /** The first stored row is the top, the first stored column the left side. */
  static final Orientation UPRIGHT = new Orientation(false, false, false);

  /** The orientation of an EXIF tag; upright for values that have no meaning. */
  static Orientation ofExif(int tag) {
    return switch (tag) {
      case 2 -> new Orientation(false, true, false);
      case 3 -> new Orientation(false, true, true);
      case 4 -> new Orientation(false, false, true);
      case 5 -> new Orientation(true, false, false);
      case 6 -> new Orientation(true, true, false);
      case 7 -> new Orientation(true, true, true);
      case 8 -> new Orientation(true, false, true);
      default -> UPRIGHT;
    };
  }
}
