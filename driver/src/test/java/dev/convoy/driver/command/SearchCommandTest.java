package dev.convoy.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.directory.DirectoryClaim;
import dev.convoy.driver.directory.RunIdentity;
import dev.convoy.driver.directory.SearchDirectory;
import dev.convoy.driver.search.SearchDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchCommandTest {
  private static final int BEGUN = 40;

  @TempDir Path temporary;

  private SearchDefinition definition(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "output=\"" + temporary + "/search\"",
                "optimizer.learning-rate={uniform=[0.1, 0.2]}"));
    all.addAll(List.of(overrides));
    return SearchDefinition.of(
        new WrittenConfiguration(ConfigFactory.empty(), List.of()).with(all));
  }

  /** A search that has begun some trials and ended. */
  private SearchDirectory ended(String status, SearchDefinition definition) {
    SearchDirectory directory =
        SearchDirectory.open(
            new DirectoryClaim(
                definition.example().output(),
                definition.text(),
                false,
                SearchDefinition::identityOf),
            new Configuration(false),
            () -> {});
    for (int trial = 0; trial < BEGUN; trial++) {
      directory.journal().append(JsonNodeFactory.instance.objectNode().put("trial", trial));
    }
    ObjectNode summary = JsonNodeFactory.instance.objectNode();
    summary.putObject("search").put("status", status).putObject("best");
    summary.set("identity", RunIdentity.of(definition.text()).toJson());
    directory.writeSummary(summary);
    return directory;
  }

  @ParameterizedTest
  @CsvSource({
    "time-limit, search.max-minutes=60, search.max-minutes",
    "time-limit, 'search={max-minutes=60, trials=100}', search.max-minutes",
    "epoch-limit, search.max-epochs=500, search.max-epochs",
    "target-reached, 'search={target=0.5, trials=100}', search.target"
  })
  void anExtensionThatTheLimitWouldEndAtOnceIsRefused(String status, String budget, String key) {
    ended(status, definition(budget)).close();
    CommandRun result =
        CommandRun.of(
            List.of("search", "--resume", temporary.resolve("search").toString(), "--extend=10"));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err())
        .contains("--extend 10: expected another " + key)
        .contains("search.status = " + status);
    assertThat(temporary.resolve("search/summary.json")).exists();
  }

  @ParameterizedTest
  @CsvSource({
    "time-limit, search.max-minutes=60, search.max-minutes=90",
    "time-limit, search.max-minutes=60, search.max-minutes=null",
    "time-limit, 'search={max-minutes=60, trials=100}', search.max-minutes=90",
    "epoch-limit, search.max-epochs=500, search.max-epochs=501",
    "target-reached, 'search={target=0.5, trials=100}', search.target=0.4",
    "completed, search.trials=40, search.max-minutes=90"
  })
  void anExtensionBeyondTheLimitGoesOn(String status, String budget, String more) {
    try (SearchDirectory directory = ended(status, definition(budget))) {
      SearchDefinition whole =
          new SearchCommand()
              .withWhatIsHeld(definition(budget, more), directory, OptionalInt.of(10));
      assertThat(whole.settings().budget().trials()).hasValue(BEGUN + 10);
      assertThat(directory.summary()).isEmpty();
      SearchDefinition again =
          new SearchCommand()
              .withWhatIsHeld(definition(budget, more), directory, OptionalInt.of(10));
      assertThat(again.settings().budget().trials()).hasValue(BEGUN + 10);
    }
  }

  @Test
  void withoutAnExtensionWhatHasEndedStays() {
    SearchDefinition definition = definition("search.max-minutes=60");
    try (SearchDirectory directory = ended("time-limit", definition)) {
      new SearchCommand().withWhatIsHeld(definition, directory, OptionalInt.empty());
      assertThat(directory.summary()).isPresent();
    }
  }
}
