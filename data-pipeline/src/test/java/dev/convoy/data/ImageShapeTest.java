package dev.convoy.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ImageShapeTest {
  @Test
  void sizeIsTheProductOfTheSides() {
    ImageShape shape = new ImageShape(28, 32, 3);

    assertThat(shape.size()).isEqualTo(28 * 32 * 3);
    assertThat(shape.planeSize()).isEqualTo(28 * 32);
    assertThat(shape).hasToString("28x32x3");
  }

  @Test
  void refusesSidesAndChannelsOutOfRange() {
    assertThatThrownBy(() -> new ImageShape(0, 32, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a height of 1 to 4096, found 0");
    assertThatThrownBy(() -> new ImageShape(32, 4097, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a width of 1 to 4096, found 4097");
    assertThatThrownBy(() -> new ImageShape(32, 32, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 1 or 3 channels, found 4");
  }
}
