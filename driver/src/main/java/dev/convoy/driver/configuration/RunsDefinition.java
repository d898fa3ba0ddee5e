package dev.convoy.driver.configuration;

import dev.convoy.driver.configuration.RunConfiguration.EffectiveText;
import java.util.List;
import java.util.Optional;

/** What several runs are to make, such as a search or an ensemble. */
public interface RunsDefinition {
  /** One of the runs, without what is its own. */
  RunConfiguration example();

  /** Some of the runs, the largest among them. */
  default List<RunConfiguration> examples() {
    return List.of(example());
  }

  /** The configuration of all. */
  EffectiveText text();

  /** What to say before anything is trained. */
  default Optional<String> warning() {
    return Optional.empty();
  }
}
