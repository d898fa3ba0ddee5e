package dev.convoy.data.normalization;

import dev.convoy.data.component.Family;
import java.util.List;

/** The family of ways to normalise pixel values. */
public final class PixelNormalizations {
  /** Every way. A new one is its own file and one more line here. */
  public static final Family<PixelNormalization> FAMILY =
      Family.of(
          "pixel normalization",
          List.of(
              TrainingSetNormalization.COMPONENT,
              NoNormalization.COMPONENT,
              ImageNetNormalization.COMPONENT,
              FixedNormalization.COMPONENT));

  private PixelNormalizations() {}
}
