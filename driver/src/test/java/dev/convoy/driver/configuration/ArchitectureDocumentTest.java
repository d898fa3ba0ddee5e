package dev.convoy.driver.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.convoy.data.Text;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.worker.graph.GraphReader;
import dev.convoy.worker.graph.LayerTable;
import dev.convoy.worker.model.InputShape;
import dev.convoy.worker.model.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the table of architectures in {@code docs/algorithms.md} with the architectures. */
class ArchitectureDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "algorithms.md");
  private static final String HEADER =
      "| Name | Paper | Configuration | Image, classes | Parameters | Tests |";
  private static final Pattern INPUT = Pattern.compile("(\\d+) × (\\d+) × (\\d+), ([\\d,]+)");
  private static final Path TESTS = Path.of("..", "worker-model", "src", "test");

  /** A line of the table. */
  private record Row(
      String name, String paper, String options, String input, String parameters, String tests) {
    static Row of(String line) {
      List<String> cells = Stream.of(line.split("\\|", -1)).map(String::strip).toList();
      return new Row(
          cells.get(1), cells.get(2), cells.get(3), cells.get(4), cells.get(5), cells.get(6));
    }

    InputShape shape() {
      Matcher matcher = INPUT.matcher(input);
      assertThat(matcher.matches()).as(input).isTrue();
      return new InputShape(
          number(matcher.group(1)),
          number(matcher.group(2)),
          number(matcher.group(3)),
          number(matcher.group(4)));
    }

    private static int number(String digits) {
      return Integer.parseInt(digits.replace(",", ""));
    }

    ComponentSettings settings() {
      String written = options.replace("`", "");
      return new ComponentSettings(name, ConfigFactory.parseString(written).root().unwrapped());
    }
  }

  private static List<Row> rows() {
    try (Stream<String> lines = Files.lines(DOCUMENT)) {
      return lines
          .dropWhile(line -> !line.equals(HEADER))
          .skip(2)
          .takeWhile(line -> line.startsWith("|"))
          .map(Row::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** But for the one that has the layers that a user writes. */
  @Test
  void everyArchitectureHasItsRow() {
    List<String> names = new ArrayList<>(Models.FAMILY.names());
    names.remove("layers");
    assertThat(rows()).extracting(Row::name).containsExactlyInAnyOrderElementsOf(names);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void itsParametersAreThoseOfTheNetwork(Row row) throws Exception {
    InputShape input = row.shape();
    LayerTable table =
        LayerTable.of(GraphReader.read(Models.configuration(row.settings(), input), input));
    assertThat(row.parameters()).isEqualTo(Text.of("%,d", table.work().weights()));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void itsPaperIsThatOfTheDeclaration(Row row) {
    String paper = Models.FAMILY.member(row.name()).paper().orElse("—");
    String firstAuthor = paper.split(" and | et al|,", 2)[0];
    String year = paper.substring(Math.max(0, paper.length() - 4));
    assertThat(row.paper()).startsWith(firstAuthor).endsWith(year);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void itsTestsNameIt(Row row) throws IOException {
    for (String test : row.tests().replace("`", "").split(", ", -1)) {
      assertThat(source(test)).as(test).containsPattern("\"" + row.name() + "[\",]");
    }
  }

  /** The text of a test, and of the script that made what it compares with, if there is one. */
  private static String source(String test) throws IOException {
    String script =
        test.replaceAll("Test$", "")
            .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
            .toLowerCase(Locale.ROOT);
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(TESTS)) {
      for (Path file : files.toList()) {
        if (file.endsWith(test + ".java") || file.endsWith(script + ".py")) {
          text.append(Files.readString(file));
        }
      }
    }
    return text.toString();
  }
}
