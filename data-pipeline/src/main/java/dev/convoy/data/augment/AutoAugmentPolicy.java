package dev.convoy.data.augment;

import static dev.convoy.data.augment.PolicyOperation.AUTOCONTRAST;
import static dev.convoy.data.augment.PolicyOperation.BRIGHTNESS;
import static dev.convoy.data.augment.PolicyOperation.COLOR;
import static dev.convoy.data.augment.PolicyOperation.CONTRAST;
import static dev.convoy.data.augment.PolicyOperation.EQUALIZE;
import static dev.convoy.data.augment.PolicyOperation.INVERT;
import static dev.convoy.data.augment.PolicyOperation.POSTERIZE;
import static dev.convoy.data.augment.PolicyOperation.ROTATE;
import static dev.convoy.data.augment.PolicyOperation.SHARPNESS;
import static dev.convoy.data.augment.PolicyOperation.SHEAR_X;
import static dev.convoy.data.augment.PolicyOperation.SHEAR_Y;
import static dev.convoy.data.augment.PolicyOperation.SOLARIZE;
import static dev.convoy.data.augment.PolicyOperation.TRANSLATE_X;
import static dev.convoy.data.augment.PolicyOperation.TRANSLATE_Y;

import java.util.List;

/** The policies that AutoAugment's authors found: pairs of operations, of which one is drawn. */
@SuppressWarnings("ImmutableEnumChecker") // a list of records
enum AutoAugmentPolicy {
  /** Found on CIFAR-10. */
  CIFAR10(
      new Pair(INVERT, 0.1, 0, CONTRAST, 0.2, 6),
      new Pair(ROTATE, 0.7, 2, TRANSLATE_X, 0.3, 9),
      new Pair(SHARPNESS, 0.8, 1, SHARPNESS, 0.9, 3),
      new Pair(SHEAR_Y, 0.5, 8, TRANSLATE_Y, 0.7, 9),
      new Pair(AUTOCONTRAST, 0.5, 0, EQUALIZE, 0.9, 0),
      new Pair(SHEAR_Y, 0.2, 7, POSTERIZE, 0.3, 7),
      new Pair(COLOR, 0.4, 3, BRIGHTNESS, 0.6, 7),
      new Pair(SHARPNESS, 0.3, 9, BRIGHTNESS, 0.7, 9),
      new Pair(EQUALIZE, 0.6, 0, EQUALIZE, 0.5, 0),
      new Pair(CONTRAST, 0.6, 7, SHARPNESS, 0.6, 5),
      new Pair(COLOR, 0.7, 7, TRANSLATE_X, 0.5, 8),
      new Pair(EQUALIZE, 0.3, 0, AUTOCONTRAST, 0.4, 0),
      new Pair(TRANSLATE_Y, 0.4, 3, SHARPNESS, 0.2, 6),
      new Pair(BRIGHTNESS, 0.9, 6, COLOR, 0.2, 8),
      new Pair(SOLARIZE, 0.5, 2, INVERT, 0, 0),
      new Pair(EQUALIZE, 0.2, 0, AUTOCONTRAST, 0.6, 0),
      new Pair(EQUALIZE, 0.2, 0, EQUALIZE, 0.6, 0),
      new Pair(COLOR, 0.9, 9, EQUALIZE, 0.6, 0),
      new Pair(AUTOCONTRAST, 0.8, 0, SOLARIZE, 0.2, 8),
      new Pair(BRIGHTNESS, 0.1, 3, COLOR, 0.7, 0),
      new Pair(SOLARIZE, 0.4, 5, AUTOCONTRAST, 0.9, 0),
      new Pair(TRANSLATE_Y, 0.9, 9, TRANSLATE_Y, 0.7, 9),
      new Pair(AUTOCONTRAST, 0.9, 0, SOLARIZE, 0.8, 3),
      new Pair(EQUALIZE, 0.8, 0, INVERT, 0.1, 0),
      new Pair(TRANSLATE_Y, 0.7, 9, AUTOCONTRAST, 0.9, 0)),

  /** Found on ImageNet. */
  IMAGENET(
      new Pair(POSTERIZE, 0.4, 8, ROTATE, 0.6, 9),
      new Pair(SOLARIZE, 0.6, 5, AUTOCONTRAST, 0.6, 0),
      new Pair(EQUALIZE, 0.8, 0, EQUALIZE, 0.6, 0),
      new Pair(POSTERIZE, 0.6, 7, POSTERIZE, 0.6, 6),
      new Pair(EQUALIZE, 0.4, 0, SOLARIZE, 0.2, 4),
      new Pair(EQUALIZE, 0.4, 0, ROTATE, 0.8, 8),
      new Pair(SOLARIZE, 0.6, 3, EQUALIZE, 0.6, 0),
      new Pair(POSTERIZE, 0.8, 5, EQUALIZE, 1, 0),
      new Pair(ROTATE, 0.2, 3, SOLARIZE, 0.6, 8),
      new Pair(EQUALIZE, 0.6, 0, POSTERIZE, 0.4, 6),
      new Pair(ROTATE, 0.8, 8, COLOR, 0.4, 0),
      new Pair(ROTATE, 0.4, 9, EQUALIZE, 0.6, 0),
      new Pair(EQUALIZE, 0, 0, EQUALIZE, 0.8, 0),
      new Pair(INVERT, 0.6, 0, EQUALIZE, 1, 0),
      new Pair(COLOR, 0.6, 4, CONTRAST, 1, 8),
      new Pair(ROTATE, 0.8, 8, COLOR, 1, 2),
      new Pair(COLOR, 0.8, 8, SOLARIZE, 0.8, 7),
      new Pair(SHARPNESS, 0.4, 7, INVERT, 0.6, 0),
      new Pair(SHEAR_X, 0.6, 5, EQUALIZE, 1, 0),
      new Pair(COLOR, 0.4, 0, EQUALIZE, 0.6, 0),
      new Pair(EQUALIZE, 0.4, 0, SOLARIZE, 0.2, 4),
      new Pair(SOLARIZE, 0.6, 5, AUTOCONTRAST, 0.6, 0),
      new Pair(INVERT, 0.6, 0, EQUALIZE, 1, 0),
      new Pair(COLOR, 0.6, 4, CONTRAST, 1, 8),
      new Pair(EQUALIZE, 0.8, 0, EQUALIZE, 0.6, 0));

  /** Levels of magnitude. */
  static final int LEVELS = 10;

  private final List<Pair> pairs;

  AutoAugmentPolicy(Pair... pairs) {
    this.pairs = List.of(pairs);
  }

  List<Pair> pairs() {
    return pairs;
  }

  /**
   * Two operations, done one after the other.
   *
   * @param probability of the first
   * @param level of the first, from 0 to 9; of no meaning where an operation has no strength
   * @param nextProbability of the second
   * @param nextLevel of the second
   */
  record Pair(
      PolicyOperation operation,
      double probability,
      int level,
      PolicyOperation next,
      double nextProbability,
      int nextLevel) {}
}
