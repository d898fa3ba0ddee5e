package dev.convoy.driver.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The cost model of docs/results.md: its constants, what they were fitted to, and its tables. */
class RoundCostModelTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "results.md");
  private static final Pattern CONSTANTS =
      Pattern.compile(
          "`t₀ = ([\\d.]+) s`.*`a = ([\\d.]+) ms`.*`m = ([\\d.]+) ms`.*`c = ([\\d.]+) ns`.*`s = ([\\d.]+) ms`",
          Pattern.DOTALL);

  /** Cores of the machine that the points were measured on, which all its executors share. */
  private static final int CORES = 2;

  /** Batches of a round in the table of clusters. */
  private static final int ROUND = 32;

  /** Of a float of a parameter, and of one of its momentum. */
  private static final int BYTES = 8;

  /**
   * Seconds of a round beyond training.
   *
   * @param start of the two jobs of a round
   * @param each work of a core for an executor's tasks, in seconds
   * @param piece work of a core for a piece that an executor sends and fetches, in seconds
   * @param work of a core for a byte of a result, in seconds
   * @param scheduling of the driver for an executor's tasks, in seconds
   */
  private record Model(double start, double each, double piece, double work, double scheduling) {
    static Model written() throws IOException {
      Matcher constants = CONSTANTS.matcher(Files.readString(DOCUMENT));
      assertThat(constants.find()).isTrue();
      return new Model(
          Double.parseDouble(constants.group(1)),
          Double.parseDouble(constants.group(2)) / 1e3,
          Double.parseDouble(constants.group(3)) / 1e3,
          Double.parseDouble(constants.group(4)) / 1e9,
          Double.parseDouble(constants.group(5)) / 1e3);
    }

    /** Where executors share some cores, and no network. */
    double shared(int executors, double bytes) {
      return start + executors * (each + piece * executors + work * bytes) / CORES;
    }

    /** Where each has so many cores, and a link of so many bytes a second each way. */
    double apart(int executors, double bytes, int cores, double bandwidth) {
      return start
          + each
          + scheduling * executors
          + (piece * executors + work * bytes) / cores
          + 2 * bytes * (executors - 1) / executors / bandwidth;
    }
  }

  /** Cells of the table's rows below a header. */
  private static List<List<String>> table(String header) throws IOException {
    List<List<String>> rows =
        Files.readAllLines(DOCUMENT).stream()
            .dropWhile(line -> !line.startsWith(header))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> Stream.of(line.split("\\|", -1)).map(String::strip).toList())
            .toList();
    assertThat(rows).as(header).isNotEmpty();
    return rows;
  }

  private static double number(String cell) {
    return Double.parseDouble(cell.replaceAll("[*,]", ""));
  }

  @Test
  void theFormulaIsWithinAQuarterOfWhatWasMeasured() throws IOException {
    Model model = Model.written();
    for (List<String> row : table("| executors | parameters | measured, s | by the formula, s |")) {
      double measured = number(row.get(3));
      double formula = model.shared((int) number(row.get(1)), BYTES * number(row.get(2)));
      assertThat(formula).as("%s", row).isBetween(0.75 * measured, 1.25 * measured);
      assertThat(number(row.get(4))).as("%s", row).isCloseTo(formula, within(0.0051));
    }
  }

  @Test
  void whatIsSaidOfClustersFollowsFromTheFormula() throws IOException {
    Model model = Model.written();
    for (List<String> row : table("| network, executor | seconds a batch | executors |")) {
      double bytes = BYTES * (row.get(1).startsWith("resnet-50") ? 25_557_032.0 : 138_357_544.0);
      int cores = row.get(1).contains("16 cores") ? 16 : 8;
      double batch = number(row.get(2));
      double seconds =
          model.apart((int) number(row.get(3)), bytes, cores, number(row.get(4)) * 1e9 / 8);
      assertThat(number(row.get(5))).as("%s", row).isCloseTo(seconds, within(0.0051));
      double round = ROUND * batch + seconds;
      assertThat(number(row.get(6))).as("%s", row).isCloseTo(1 / round, within(0.00051));
      assertThat(number(row.get(7)))
          .as("%s", row)
          .isCloseTo(100 * ROUND * batch / round, within(0.51));
      assertThat(number(row.get(8))).as("%s", row).isEqualTo(Math.ceil(9 * seconds / batch));
    }
  }
}
