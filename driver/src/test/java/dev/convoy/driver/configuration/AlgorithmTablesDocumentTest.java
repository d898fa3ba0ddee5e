package dev.convoy.driver.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.convoy.data.component.Component;
import dev.convoy.data.component.Family;
import dev.convoy.driver.averaging.AveragingStrategies;
import dev.convoy.driver.compression.Compressions;
import dev.convoy.worker.datainitialization.DataInitializations;
import dev.convoy.worker.loss.Losses;
import dev.convoy.worker.optimizer.Optimizers;
import dev.convoy.worker.schedule.MomentumSchedules;
import dev.convoy.worker.schedule.Schedules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the tables of families in {@code docs/algorithms.md} with the families. */
class AlgorithmTablesDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "algorithms.md");

  /** How the header of every table begins. */
  private static final String HEADER = "| Name | Configuration | Paper | Test |";

  /**
   * One line a table: heading, family, the block that its options stand in, the key of the name.
   */
  static Stream<Arguments> tables() {
    return Stream.of(
        Arguments.of("## Averaging rules", AveragingStrategies.FAMILY, "averaging", "strategy"),
        Arguments.of(
            "## Initialisation on data",
            DataInitializations.FAMILY,
            "training.data-initialization",
            "name"),
        Arguments.of(
            "### Compression of changes", Compressions.FAMILY, "averaging.compression", "name"),
        Arguments.of("## Losses", Losses.FAMILY, "loss", "name"),
        Arguments.of("## Optimizers", Optimizers.FAMILY, "optimizer", "name"),
        Arguments.of("## Learning-rate schedules", Schedules.FAMILY, "optimizer.schedule", "name"),
        Arguments.of(
            "## Momentum schedules",
            MomentumSchedules.FAMILY,
            "optimizer.momentum-schedule",
            "name"));
  }

  /** A line of a table. */
  private record Row(String name, String options, String paper, List<String> tests) {
    static Row of(String line) {
      List<String> cells = Stream.of(line.split("\\|", -1)).map(String::strip).toList();
      return new Row(
          cells.get(1),
          cells.get(2).replace("`", ""),
          cells.get(3),
          Arrays.asList(cells.get(4).replace("`", "").split(", ", -1)));
    }
  }

  private static List<Row> rows(String heading) throws IOException {
    return Files.readAllLines(DOCUMENT).stream()
        .dropWhile(line -> !line.equals(heading))
        .dropWhile(line -> !line.startsWith(HEADER))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(Row::of)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everyMemberHasItsRow(String heading, Family<?> family) throws IOException {
    assertThat(rows(heading))
        .extracting(Row::name)
        .containsExactlyInAnyOrderElementsOf(family.names());
  }

  @ParameterizedTest
  @MethodSource("tables")
  void itsPaperIsThatOfTheDeclaration(String heading, Family<?> family) throws IOException {
    for (Row row : rows(heading)) {
      Component<?> member = family.member(row.name());
      String paper = member.paper().orElse("—");
      assertThat(row.paper())
          .as(row.name())
          .startsWith(paper.split(" and | et al|,", 2)[0])
          .endsWith(paper.substring(Math.max(0, paper.length() - 4)));
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void itsConfigurationIsOneThatConvoyReads(
      String heading, Family<?> family, String block, String nameKey) throws IOException {
    for (Row row : rows(heading)) {
      String text = block + " { " + nameKey + " = " + row.name() + ", " + row.options() + " }";
      assertThat(
              ConfigurationReader.of(
                  new WrittenConfiguration(ConfigFactory.parseString(text), List.of())))
          .isNotNull();
      Component<?> member = family.member(row.name());
      ConfigFactory.parseString(row.options())
          .root()
          .keySet()
          .forEach(
              key ->
                  assertThat(
                          member.option(key).isPresent()
                              || Defaults.CONFIG.hasPath(block + "." + key))
                      .as("%s of %s", key, row.name())
                      .isTrue());
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void itsTestsNameIt(String heading, Family<?> family) throws IOException {
    for (Row row : rows(heading)) {
      for (String test : row.tests()) {
        assertThat(source(test)).as(test).containsPattern("\"" + row.name() + "[\",]");
      }
    }
  }

  private static String source(String test) throws IOException {
    try (Stream<Path> files =
        Stream.of("worker-model", "driver")
            .flatMap(module -> walk(Path.of("..", module, "src", "test")))) {
      Path file = files.filter(path -> path.endsWith(test + ".java")).findFirst().orElseThrow();
      return Files.readString(file);
    }
  }

  private static Stream<Path> walk(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
