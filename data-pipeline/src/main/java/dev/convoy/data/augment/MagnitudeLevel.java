package dev.convoy.data.augment;

/**
 * One of the equal steps that a range of magnitudes is divided into.
 *
 * @param index from 0, the weakest, on
 * @param count of all steps, both ends included, at least 2
 */
record MagnitudeLevel(int index, int count) {
  /** The number that lies at this step on the way from 0 to another. */
  double of(double strongest) {
    return strongest * index / (count - 1);
  }
}
