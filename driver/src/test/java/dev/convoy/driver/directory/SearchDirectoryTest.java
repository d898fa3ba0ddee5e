package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchDirectoryTest {
  @TempDir Path temporary;

  @Test
  void nothingIsRemovedBeforeTheRecordTellsOfItWhereFilesCannotGrow() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.file.impl", JournalTest.NoAppend.class, FileSystem.class);
    DirectoryClaim claim =
        new DirectoryClaim(
            "file://" + temporary,
            new EffectiveText("a = 1", "a = 1", "a = 1"),
            false,
            UnaryOperator.identity());
    Path checkpoint = temporary.resolve("trials/000001/checkpoints/000001/state.json");
    try (SearchDirectory directory = SearchDirectory.open(claim, hadoop, () -> {})) {
      Files.createDirectories(checkpoint.getParent());
      Files.writeString(checkpoint, "{}");
      for (int trial = 0; trial < 2; trial++) {
        directory.journal().append(JsonNodeFactory.instance.objectNode().put("trial", trial));
      }
      directory.deleteCheckpoints(1, 0);
      assertThat(checkpoint).doesNotExist();
      assertThat(Files.readAllLines(temporary.resolve(SearchDirectory.TRIALS)))
          .containsExactly("{\"trial\":0}", "{\"trial\":1}");
    }
  }
}
