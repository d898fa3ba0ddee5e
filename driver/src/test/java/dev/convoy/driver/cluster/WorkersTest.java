package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkersTest {
  @Test
  void aBatchOfMoreValuesThanAnArrayHoldsIsRefused(@TempDir Path directory) {
    RunConfiguration configuration =
        Experiments.of(
            directory,
            "data.image={height=2048, width=2048, channels=3}",
            "training.batch-size=256");
    Workers.requireBatchesInArrays(configuration, 1000, new int[] {170, 3});
    assertThatThrownBy(
            () -> Workers.requireBatchesInArrays(configuration, 1000, new int[] {3, 171}))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "training.batch-size: expected at most 170 images of 2048x2048x3, which are as many"
                + " values as an array holds, found 256");
  }

  @Test
  void tangentPropagationTakesRoomForImagesTwice(@TempDir Path directory) {
    RunConfiguration configuration =
        Experiments.of(
            directory,
            "data.image={height=2048, width=2048, channels=3}",
            "training.batch-size=256",
            "optimizer.tangent-prop.weight=0.1");
    Workers.requireBatchesInArrays(configuration, 1000, new int[] {85, 3});
    assertThatThrownBy(() -> Workers.requireBatchesInArrays(configuration, 1000, new int[] {3, 86}))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "training.batch-size: expected at most 85 images of 2048x2048x3, which are as many"
                + " values as an array holds, found 256");
  }

  @Test
  void aBatchOfMoreTargetsThanAnArrayHoldsIsRefused(@TempDir Path directory) {
    RunConfiguration configuration =
        Experiments.of(
            directory, "data.image={height=12, width=12, channels=1}", "training.batch-size=30000");
    int classes = 100_000;
    int most = Integer.MAX_VALUE / classes;
    Workers.requireBatchesInArrays(configuration, classes, new int[] {most, 3});
    assertThatThrownBy(
            () -> Workers.requireBatchesInArrays(configuration, classes, new int[] {3, most + 1}))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "training.batch-size: expected at most 21474 images of 100000 classes, whose targets are"
                + " as many values as an array holds, found 30000");
  }
}
