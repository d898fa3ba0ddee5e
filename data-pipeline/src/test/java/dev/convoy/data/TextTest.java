package dev.convoy.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void aCountSaysOneOrSeveral() {
    assertThat(Text.count(0, "image")).isEqualTo("0 images");
    assertThat(Text.count(1, "image")).isEqualTo("1 image");
    assertThat(Text.count(2_000, "test image")).isEqualTo("2,000 test images");
  }
}
