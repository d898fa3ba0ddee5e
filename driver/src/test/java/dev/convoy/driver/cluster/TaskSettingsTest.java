package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.source.Role;
import dev.convoy.driver.configuration.ConfigurationReader;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.StackedVote;
import dev.convoy.worker.ensemble.WeightedVote;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What closures capture reaches executors as it was: Spark serializes closures as Java does. */
class TaskSettingsTest {
  @TempDir private Path directory;

  private RunConfiguration run() throws IOException {
    return ConfigurationReader.read(
        Files.writeString(
                directory.resolve("run.conf"),
                """
                data { format = synthetic, image { height = 8, width = 8, channels = 3 } }
                model { name = resnet-20, dropout = 0.5 }
                augment = [{ name = horizontal-flip, probability = 0.25 }]
                optimizer { name = adam, schedule { name = cosine } }
                training { epochs = 2, workers = 1 }
                """)
            .toString(),
        List.of());
  }

  @Test
  void settingsOfWorkers() throws Exception {
    assertSurvives(Workers.settings(run(), 5, 2));
  }

  @Test
  void settingsOfImages() throws Exception {
    assertSurvives(ImageLocations.settings(run().data(), Role.TEST, "somewhere"));
  }

  @Test
  void combinations() throws Exception {
    assertSurvives(new CombinationSettings(2, 3, new WeightedVote(List.of(0.25, 0.75)), 1.5));
    assertSurvives(
        new CombinationSettings(
            1, 2, new StackedVote(new double[] {1, 2, 3, 4}, new double[2]), 2));
  }

  private static void assertSurvives(Object value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(value);
    }
  }
}
