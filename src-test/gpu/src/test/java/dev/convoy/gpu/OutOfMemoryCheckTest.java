package dev.convoy.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutOfMemoryCheckTest {
  private static final String TOLD =
      "Cannot train on NVIDIA H200 at 0000:01:00.0: a batch of 512 images needs 52000 MB of its"
          + " memory, 7900 MB are free beside what its libraries may take."
          + " training.batch-size = 64 fits.";

  @Test
  void aMessageThatNamesABatchThatFitsIsRight() {
    assertThat(OutOfMemoryCheck.verdict(TOLD, 2.3)).isEqualTo("right");
  }

  /** Such a message comes of the size alone: no memory was asked for. */
  @Test
  void anotherMessageIsNot() {
    assertThat(
            OutOfMemoryCheck.verdict(
                "Cannot compute on a GPU: a layer's result has 1644167168 values in a batch of"
                    + " 2048, at most 1073741824 can be; a smaller training.batch-size has fewer.",
                2.3))
        .isEqualTo("the message names no batch that fits");
  }

  @Test
  void aBatchThatFitsAndALossThatIsNoNumberAreTold() {
    assertThat(OutOfMemoryCheck.verdict("", 2.3)).isEqualTo("the batch fits");
    assertThat(OutOfMemoryCheck.verdict(TOLD, Double.NaN))
        .isEqualTo("the next session's loss is no number");
  }
}
