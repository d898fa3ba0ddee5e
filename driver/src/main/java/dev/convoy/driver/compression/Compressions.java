package dev.convoy.driver.compression;

import dev.convoy.data.component.Family;
import java.util.List;

/** The family of compressions. */
public final class Compressions {
  /** Every compression. A new one is its own file and one more line here. */
  public static final Family<Compression> FAMILY =
      Family.of(
          "compression",
          List.of(
              Uncompressed.COMPONENT,
              Bfloat16.COMPONENT,
              EightBits.COMPONENT,
              LargestChanges.COMPONENT));

  private Compressions() {}
}
