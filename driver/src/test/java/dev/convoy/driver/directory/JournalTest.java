package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
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
        Journal log = new Journal(directory, "lines.jsonl")) {
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
          Journal log = new Journal(directory, "lines.jsonl")) {
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
        Journal log = new Journal(directory, "lines.jsonl")) {
      assertThat(log.read()).containsExactly(line(1));
      log.append(line(3));
      assertThat(log.read()).containsExactly(line(1), line(3));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000\u0001", "{\"number\":", "[1]", "7", "\u0000", "}{"})
  void whatFollowsADamagedLineIsPassedOverAndTheFileKept(String garbage) throws IOException {
    String before = "{\"number\":1}\n" + garbage + "\n{\"number\":2}\n";
    Files.writeString(file(), before);
    try (OutputDirectory directory = directory();
        Journal log = new Journal(directory, "lines.jsonl")) {
      assertThat(log.read()).containsExactly(line(1));
      assertThat(file()).hasContent(before);
      log.append(line(3));
      assertThat(log.read()).containsExactly(line(1), line(3));
    }
    assertThat(temporary.resolve("lines.jsonl.damaged")).hasContent(before);
    assertThat(Files.readString(file())).isEqualTo("{\"number\":1}\n{\"number\":3}\n");
  }

  @Test
  void aLineThatItsReaderRefusesIsDamaged() throws IOException {
    Files.writeString(file(), "{\"number\":1}\n{\"number\":2}\n{\"number\":3}\n");
    try (OutputDirectory directory = directory();
        Journal log = new Journal(directory, "lines.jsonl")) {
      List<Integer> read =
          log.read(
              line -> {
                if (line.path("number").asInt() == 2) {
                  throw new IllegalArgumentException("not two");
                }
                return line.path("number").asInt();
              });
      assertThat(read).containsExactly(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n{\"number\":1}\n{\"number\":2}\n",
        "{\"number\":1}\n\n  \n{\"number\":2}\n",
        "{\"number\":1}\n{\"number\":1}\n{\"number\":2}\n",
        "{\"number\":1}\r\n{\"number\":2}\r\n",
        "{\"number\":1}\n{\"number\":2}\n{\"number\":1}\n"
      })
  void blankAndDoubledLinesChangeNothing(String content) throws IOException {
    Files.writeString(file(), content);
    try (OutputDirectory directory = directory();
        Journal log = new Journal(directory, "lines.jsonl")) {
      assertThat(log.read()).containsExactly(line(1), line(2));
      log.append(line(3));
      assertThat(log.read()).containsExactly(line(1), line(2), line(3));
    }
    assertThat(temporary.resolve("lines.jsonl.damaged")).doesNotExist();
  }

  /** Hadoop says so with an error, which no command expects. */
  @Test
  void aLocalDiskThatIsFullIsSaidToBe() throws IOException {
    org.apache.hadoop.fs.Path full = new org.apache.hadoop.fs.Path("/dev/full");
    try (OutputDirectory directory = directory();
        FileSystem local = new RawLocalFileSystem()) {
      local.initialize(URI.create("file:///"), new Configuration(false));
      assumeThat(local.exists(full)).isTrue();
      assertThatThrownBy(
              () ->
                  directory.writing(
                      "lines.jsonl",
                      () -> {
                        try (FSDataOutputStream out = local.append(full)) {
                          out.write(1);
                          out.hflush();
                        }
                      }))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("Cannot write lines.jsonl in file:")
          .hasMessageContaining(": No space left on device. What was written before is intact");
    }
  }

  @Test
  void whatAnEarlierProcessStillAppendsIsNotSeen() throws IOException {
    try (OutputDirectory directory = directory();
        Journal paused = new Journal(directory, "lines.jsonl");
        Journal successor = new Journal(directory, "lines.jsonl")) {
      paused.append(line(1));
      successor.append(line(2));
      paused.append(line(3));
      successor.append(line(4));
    }
    assertThat(Files.readString(file()))
        .isEqualTo("{\"number\":1}\n{\"number\":2}\n{\"number\":4}\n");
  }

  @Test
  void aFileSystemThatCannotAppendHasEveryLineInTheEnd() throws IOException {
    for (int attempt = 0; attempt < 2; attempt++) {
      try (OutputDirectory directory = directoryOfAnObjectStore();
          Journal log = new Journal(directory, "lines.jsonl")) {
        for (int i = 0; i < 5; i++) {
          log.append(line(attempt * 5 + i));
        }
      }
    }
    List<String> lines = Files.readAllLines(file());
    assertThat(lines).hasSize(10);
    assertThat(lines.get(9)).isEqualTo("{\"number\":9}");
  }

  @Test
  void whatIsSettledIsThereWhereFilesCannotGrow() throws IOException {
    try (OutputDirectory directory = directoryOfAnObjectStore();
        Journal log = new Journal(directory, "lines.jsonl")) {
      log.append(line(1));
      log.append(line(2));
      assertThat(Files.readString(file())).isEqualTo("{\"number\":1}\n");
      log.settle();
      assertThat(Files.readString(file())).isEqualTo("{\"number\":1}\n{\"number\":2}\n");
    }
  }
}
