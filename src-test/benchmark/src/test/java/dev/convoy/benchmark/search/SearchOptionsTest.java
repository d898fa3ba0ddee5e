package dev.convoy.benchmark.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class SearchOptionsTest {
  @Command
  private static final class Line {
    @Mixin private SearchOptions options = new SearchOptions();
  }

  private static SearchOptions.Choice chosen(String... arguments) {
    Line line = new Line();
    new CommandLine(line).parseArgs(arguments);
    assertThatCode(line.options::check).doesNotThrowAnyException();
    return line.options.choice();
  }

  @Test
  void withoutDataMethodsAreLeftOut() {
    assertThat(chosen().measures()).isEqualTo(Set.of(Measure.PARALLEL, Measure.SCHEDULING));
    assertThat(chosen().seeds()).isEqualTo(10);
  }

  @Test
  void withDataEverythingIsMeasured(@TempDir Path data) {
    SearchOptions.Choice choice = chosen("--data=" + data, "--seeds=3");
    assertThat(choice.measures()).isEqualTo(Set.of(Measure.values()));
    assertThat(choice.data()).hasValue(data);
    assertThat(choice.seeds()).isEqualTo(3);
  }

  @Test
  void whatIsNamedAloneIsMeasured(@TempDir Path data) {
    assertThat(chosen("--measure=scheduling,parallel").measures())
        .isEqualTo(Set.of(Measure.PARALLEL, Measure.SCHEDULING));
    assertThat(chosen("--measure=scheduling", "--data=" + data).measures())
        .isEqualTo(Set.of(Measure.SCHEDULING));
  }
}
