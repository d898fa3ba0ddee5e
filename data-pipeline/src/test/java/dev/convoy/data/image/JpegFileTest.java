package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Pictures of 32 × 16 pixels with three components, of which nothing is decoded. */
class JpegFileTest {
  private static final String START = "ffd8";
  private static final String BASELINE = "ffc0 0011 08 0010 0020 03 01 11 00 02 11 00 03 11 00";
  private static final String PROGRESSIVE = BASELINE.replace("ffc0", "ffc2");
  private static final String WHOLE = "ffda 000c 03 01 00 02 00 03 00 00 3f 00 55";
  private static final String FIRST_COMPONENT = "ffda 0008 01 01 00 00 3f 00 55";
  private static final String OTHERS = "ffda 000a 02 02 00 03 00 00 3f 00 55";
  private static final String END = "ffd9";

  private static final long COEFFICIENTS_BYTES = 32 * 16 * 3 * Short.BYTES;

  @Test
  void coefficientsAreKeptForWhatIsNotDecodedAtOnce() throws Exception {
    assertThat(nativeBytes(START, BASELINE, WHOLE, END)).isZero();
    assertThat(nativeBytes(START, BASELINE, FIRST_COMPONENT, OTHERS, END))
        .isEqualTo(COEFFICIENTS_BYTES);
    assertThat(nativeBytes(START, PROGRESSIVE, WHOLE, END)).isEqualTo(COEFFICIENTS_BYTES);
  }

  @Test
  void coefficientsAreKeptWhereTheOnlyScanLeavesComponentsOut() throws Exception {
    assertThat(nativeBytes(START, BASELINE, FIRST_COMPONENT, END)).isEqualTo(COEFFICIENTS_BYTES);
  }

  private static long nativeBytes(String... segments) throws UnreadableImageException {
    String digits = String.join("", segments).replace(" ", "");
    return new JpegFile(HexFormat.of().parseHex(digits)).nativeBytes();
  }
}
