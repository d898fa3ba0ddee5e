package dev.convoy.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Looks for the messages that {@code docs/operations.md} explains where they are printed. */
class OperationsDocumentTest {
  private static final Path ROOT = Path.of("..");
  private static final String HEADER = "| what you see |";
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  /** What differs from one printing to the next: …, numbers and names; and what joins two texts. */
  private static final Pattern VARIABLE =
      Pattern.compile("…|\\w+://|\\d+|\\b(?:host|parameters)\\b|: |\\), | = ");

  /** In Java a text goes on in the next line, and its values are formatted. */
  private static final Pattern NEXT_LINE = Pattern.compile("\"\\s*\\+\\s*\"|\\\\\n");

  /** Those of Spark, Kubernetes, YARN, Java and the kernel begin so. */
  private static final List<String> OF_OTHERS =
      List.of(
          "executor 3 on … lost (The executor with id",
          "pods is forbidden",
          "No file found containing the secret key",
          "ContainerCreating",
          "A secret key must be specified",
          "Max number of executor failures",
          "Container killed by YARN",
          "Unrecognized option: --add-opens",
          "OOMKilled",
          "Executor heartbeat timed out");

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*+)\"");

  private static String printed;

  @BeforeAll
  static void readSources() throws IOException {
    StringBuilder texts = new StringBuilder();
    for (String part :
        List.of(
            "data-pipeline/src/main/java",
            "worker-model/src/main/java",
            "driver/src/main/java",
            "submit-scripts")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String source = NEXT_LINE.matcher(Files.readString(file)).replaceAll("");
          if (file.toString().endsWith(".java")) {
            LITERAL
                .matcher(source)
                .results()
                .forEach(text -> texts.append(text.group(1)).append('\n'));
          } else {
            texts.append(source);
          }
        }
      }
    }
    printed = texts.toString();
  }

  static List<String> messages() throws IOException {
    List<String> messages = new ArrayList<>();
    boolean isInTable = false;
    for (String line : Files.readAllLines(ROOT.resolve("docs/operations.md"))) {
      isInTable = line.startsWith(HEADER) || (isInTable && line.startsWith("|"));
      if (isInTable) {
        QUOTED
            .matcher(line.split("\\|", -1)[1])
            .results()
            .map(found -> found.group(1))
            // What has no space is a file or a key.
            .filter(message -> message.contains(" "))
            .filter(message -> OF_OTHERS.stream().noneMatch(message::startsWith))
            .forEach(messages::add);
      }
    }
    return messages;
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageThatIsExplainedIsPrinted(String message) {
    assertThat(VARIABLE.splitAsStream(message).map(String::strip))
        .allSatisfy(
            part -> assertThat(printed.contains(part)).as("'%s' is printed", part).isTrue());
  }

  @Test
  void messagesOfBothTablesAreLookedFor() throws IOException {
    assertThat(messages())
        .contains("waiting for executors of k8s://…", "Passed over a damaged checkpoint")
        .doesNotContain("gs://");
  }
}
