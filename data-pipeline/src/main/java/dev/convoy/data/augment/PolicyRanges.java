package dev.convoy.data.augment;

/**
 * How strong the operations of a policy get.
 *
 * @param shear pixels by which a row or column is shifted against the next one
 * @param shift how far a picture is shifted, in shares of its side
 * @param shiftPixels how far it is shifted beyond that, in pixels
 * @param degrees of a rotation
 * @param factor by which factors of brightness, colour, contrast and sharpness differ from 1
 * @param mostBits of a value that posterizing keeps at the weakest
 * @param lostBits how many fewer it keeps at the strongest
 */
record PolicyRanges(
    double shear,
    double shift,
    double shiftPixels,
    double degrees,
    double factor,
    int mostBits,
    int lostBits) {
  /** Those of AutoAugment and RandAugment. */
  static final PolicyRanges USUAL = new PolicyRanges(0.3, 150 / 331.0, 0, 30, 0.9, 8, 4);

  /** Those of TrivialAugment (wide). */
  static final PolicyRanges WIDE = new PolicyRanges(0.99, 0, 32, 135, 0.99, 8, 6);

  /** Those of AugMix. */
  static final PolicyRanges AUGMIX = new PolicyRanges(0.3, 1 / 3.0, 0, 30, 0.9, 4, 4);

  /** How far a picture is shifted along a side of so many pixels. */
  double shift(int side) {
    return shift * side + shiftPixels;
  }
}
