package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineLogTest {
  @TempDir Path temporary;

  /** A file system that cannot append, as an object store cannot. */
  public static final class NoAppend extends RawLocalFileSystem {
    @Override
    public boolean hasPathCapability(org.apache.hadoop.fs.Path path, String capability)
        throws IOException {
      return !capability.contains("append") && super.hasPathCapability(path, capability);
    }
  }

  private OutputDirectory directory() throws IOException {
    return OutputDirectory.at("file://" + temporary, new Configuration(false));
  }

  private OutputDirectory directoryOfAnObjectStore() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.file.impl", NoAppend.class, FileSystem.class);
    return OutputDirectory.at("file://" + temporary, hadoop);
  }

  private static JsonNode line(int number) {
    return JsonNodeFactory.instance.objectNode().put("number", number);
  }

  private Path file() {
    return temporary.resolve("lines.jsonl");
  }

  @Test
  void aLineIsThereAsSoonAsItWasAdded() throws IOException {
    try (OutputDirectory directory = directory();
        LineLog log = new LineLog(directory, "lines.jsonl")) {
      log.append(line(1));
      assertThat(Files.readString(file())).isEqualTo("{\"number\":1}\n");
      log.append(line(2));
      assertThat(log.read()).containsExactly(line(1), line(2));
    }
  }

  @Test
  void goesOnWhereAnEarlierOneEnded() throws IOException {
    for (int i = 0; i < 3; i++) {
      try (OutputDirectory directory = directory();
          LineLog log = new LineLog(directory, "lines.jsonl")) {
        assertThat(log.read()).hasSize(i);
        log.append(line(i));
      }
    }
    assertThat(Files.readAllLines(file())).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"number\":1}\n{\"num", "{\"number\":1}\n{\"number\":2}"})
  void whatAKilledDriverLeftOfALineIsTakenOff(String left) throws IOException {
    Files.writeString(file(), left);
    try (OutputDirectory directory = directory();
        LineLog log = new LineLog(directory, "lines.jsonl")) {
      assertThat(log.read()).containsExactly(line(1));
      log.append(line(3));
      assertThat(log.read()).containsExactly(line(1), line(3));
    }
  }

  @Test
  void garbageIsNamedWithItsLine() throws IOException {
    Files.writeString(file(), "{\"number\":1}\n\u0000\u0001\n{\"number\":2}\n");
    try (OutputDirectory directory = directory();
        LineLog log = new LineLog(directory, "lines.jsonl")) {
      assertThatThrownBy(log::read)
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("lines.jsonl")
          .hasMessageContaining("expected a JSON object in line 2");
    }
  }

  @Test
  void aFileSystemThatCannotAppendHasEveryLineInTheEnd() throws IOException {
    for (int attempt = 0; attempt < 2; attempt++) {
      try (OutputDirectory directory = directoryOfAnObjectStore();
          LineLog log = new LineLog(directory, "lines.jsonl")) {
        for (int i = 0; i < 5; i++) {
          log.append(line(attempt * 5 + i));
        }
      }
    }
    List<String> lines = Files.readAllLines(file());
    assertThat(lines).hasSize(10);
    assertThat(lines.get(9)).isEqualTo("{\"number\":9}");
  }
}
