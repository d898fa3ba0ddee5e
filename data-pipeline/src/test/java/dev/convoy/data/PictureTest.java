package dev.convoy.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PictureTest {
  @Test
  void valuesThatAreNoPictureAreRefused() {
    assertThatThrownBy(() -> new Picture(new ImageShape(2, 2, 3), new byte[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot hold a picture: expected the 12 values of 2x2x3, found 4.");
  }

  @Test
  void coloursAreThreePlanesAndGreyIsOne() {
    Picture colour =
        new Picture(new ImageShape(2, 1, 3), new byte[] {(byte) 255, 1, 0, 2, 0, (byte) 200});
    assertThat(colour.rgb(0, 0)).isEqualTo(0xff0000);
    assertThat(colour.rgb(1, 0)).isEqualTo(0x0102c8);
    Picture grey = new Picture(new ImageShape(1, 2, 1), new byte[] {0, (byte) 128});
    assertThat(grey.rgb(0, 1)).isEqualTo(0x808080);
  }
}
