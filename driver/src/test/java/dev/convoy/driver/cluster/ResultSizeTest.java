package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultSizeTest {
  @TempDir private Path directory;

  @Test
  void aNetworkThatExecutorsCannotSendToTheDriverIsRefused() {
    assertThatThrownBy(() -> ResultSize.require(run("[16384, 16384]", "nesterov", "driver"), 10))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "model = mlp: expected a network whose parameters and optimizer state take no more than"
                + " 2,046 MiB, which is what an executor can send to the driver, found 281,214,986"
                + " parameters and 281,214,986 values of nesterov's state, 2,145 MiB. Set"
                + " averaging.route = executors.");
    assertThatCode(() -> ResultSize.require(run("[16384, 16384]", "sgd", "driver"), 10))
        .doesNotThrowAnyException();
    assertThatCode(() -> ResultSize.require(run("[64]", "adam", "driver"), 10))
        .doesNotThrowAnyException();
    assertThatCode(() -> ResultSize.require(run("[16384, 16384]", "nesterov", "auto"), 10))
        .doesNotThrowAnyException();
  }

  @Test
  void aNetworkOfMoreThanAnArrayHoldsIsRefused() {
    assertThatThrownBy(() -> ResultSize.require(run("[65536, 65536]", "sgd", "auto"), 10))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "model = mlp: expected a network that can be trained, found a layer");
    assertThatThrownBy(() -> ResultSize.require(run("[40000, 40000]", "adam", "auto"), 10))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "model = mlp: expected a network whose parameters, and whose optimizer state, are no"
                + " more than 2,147,483,639 values, which is what an array holds, found"
                + " 1,631,200,010 parameters and 3,262,400,021 values of adam's state. Make the"
                + " network smaller.");
  }

  private RunConfiguration run(String hidden, String optimizer, String route) throws IOException {
    Path file = directory.resolve("run.conf");
    Files.writeString(
        file,
        "data { format = synthetic, image { height = 16, width = 16, channels = 3 } }\n"
            + "model { name = mlp, hidden = "
            + hidden
            + " }\noptimizer.name = "
            + optimizer
            + "\naveraging.route = "
            + route);
    return ConfigurationReader.read(file.toString(), List.of());
  }
}
