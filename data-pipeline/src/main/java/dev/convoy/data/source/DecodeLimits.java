package dev.convoy.data.source;

import java.io.Serializable;

/**
 * How large an image may be before it is refused unread.
 *
 * @param maxPixels largest height × width in an image's header, at least 1
 * @param maxFileBytes largest image file in bytes, at least 1
 */
public record DecodeLimits(long maxPixels, long maxFileBytes) implements Serializable {
  /** Checks the ranges; throws {@link IllegalArgumentException} when one is left. */
  public DecodeLimits {
    requirePositive("pixels", maxPixels);
    requirePositive("bytes", maxFileBytes);
  }

  private static void requirePositive(String unit, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Cannot limit images: expected at least 1 of " + unit + ", found " + value + ".");
    }
  }
}
