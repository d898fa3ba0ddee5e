package dev.convoy.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the tables of packages in {@code docs/architecture.md} with the packages. */
class PackagesDocumentTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern ROW = Pattern.compile("\\| `([a-z.]+)` \\| .+ \\|");

  @ParameterizedTest
  @ValueSource(strings = {"data-pipeline", "worker-model", "driver"})
  void everyPackageHasItsRowInTheOrderOfTheAlphabet(String module) throws IOException {
    assertThat(rows(module)).isEqualTo(packages(module)).hasSizeGreaterThan(10);
  }

  private static List<String> rows(String module) throws IOException {
    return Files.readAllLines(ROOT.resolve("docs/architecture.md")).stream()
        .dropWhile(line -> !line.equals("| Of `" + module + "` | |"))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .map(row -> row.group(1))
        .toList();
  }

  private static List<String> packages(String module) throws IOException {
    Path sources = ROOT.resolve(module).resolve("src/main/java/dev/convoy");
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(
              file ->
                  sources.relativize(file.getParent()).toString().replace(File.separatorChar, '.'))
          .distinct()
          .sorted()
          .toList();
    }
  }
}
