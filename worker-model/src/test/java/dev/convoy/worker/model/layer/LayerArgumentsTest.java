package dev.convoy.worker.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What layers can be made of. */
class LayerArgumentsTest {
  @Test
  void groupsDivideChannelsAndFilters() {
    GroupedConvolution layer = new GroupedConvolution.Builder(3, 3).groups(4).nOut(6).build();
    layer.setLayerName("conv");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layer.setNIn(InputType.convolutional(8, 8, 8), true))
        .withMessage(
            "Cannot convolve in groups in layer conv: expected channels and filters that 4 divides,"
                + " found 8 and 6.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GroupedConvolution.Builder(3, 3).groups(0))
        .withMessage("Cannot convolve in groups: expected at least 1, found 0.");
  }

  @Test
  void aPoolingHasAResult() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaptivePooling(PoolingType.SUM, 1, 1))
        .withMessage(
            "Cannot pool to a given extent: expected AVG or MAX and at least 1 × 1, found SUM and"
                + " 1 × 1.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdaptivePooling(PoolingType.MAX, 1, 0))
        .withMessageEndingWith("found MAX and 1 × 0.");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new AdaptivePooling(PoolingType.AVG, 2, 2)
                    .getOutputType(0, InputType.feedForward(9)))
        .withMessageContaining("expected images, found InputTypeFeedForward");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN})
  void imagesAreNotAlwaysDropped(double drop) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StochasticDepth(drop))
        .withMessage(
            "Cannot drop images: expected a probability of at least 0 and below 1, found "
                + drop
                + ".");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, Double.NaN})
  void theOriginalDropoutSometimesDrops(double drop) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OriginalDropout(drop))
        .withMessage(
            "Cannot drop values: expected a probability above 0 and below 1, found " + drop + ".");
  }

  @ParameterizedTest
  @CsvSource({
    "6, 3, true",
    "7, 7, true",
    "224, 7, true",
    "10, 3, true", // 4 pixels every 3
    "13, 6, true", // 3 pixels every 2
    "8, 3, false",
    "3, 7, false",
    "1, 4, false"
  })
  void adaptiveWindowsCoverAllPixelsInOrder(long pixels, long count, boolean regular) {
    AdaptiveWindows windows = new AdaptiveWindows(pixels, count);
    assertThat(windows.from(0)).isZero();
    assertThat(windows.to(count - 1)).isEqualTo(pixels);
    for (long i = 1; i < count; i++) {
      assertThat(windows.from(i)).isBetween(windows.from(i - 1), windows.to(i - 1));
    }
    assertThat(windows.isRegular()).isEqualTo(regular);
  }
}
