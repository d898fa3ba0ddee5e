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
    Workers.requireBatchesInArrays(configuration, new int[] {170, 3});
    assertThatThrownBy(() -> Workers.requireBatchesInArrays(configuration, new int[] {3, 171}))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "training.batch-size: expected at most 170 images of 2048x2048x3, which are as many"
                + " values as an array holds, found 256");
  }
}
