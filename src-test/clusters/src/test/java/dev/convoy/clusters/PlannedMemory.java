package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.Application;
import dev.convoy.Ended;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The memory of executors and driver in MiB, as {@code convoy resources} tells it. */
final class PlannedMemory {
  private PlannedMemory() {}

  /**
   * Spark's settings that end in {@code memory} or {@code memoryOverhead}.
   *
   * @param manager whose settings come besides
   * @param command such as {@code train my.conf}
   */
  static Map<String, Integer> of(String manager, String... command) {
    List<String> arguments = new ArrayList<>(List.of("resources"));
    arguments.addAll(List.of(command));
    arguments.add("--settings");
    arguments.add(Application.home().resolve("conf/" + manager + ".properties").toString());
    arguments.add("--as-settings");
    Ended ended = Application.run(arguments.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    Map<String, Integer> sizes = new HashMap<>();
    ended
        .output()
        .lines()
        .filter(line -> line.contains(".memory"))
        .map(line -> line.split("=", -1))
        .forEach(pair -> sizes.put(pair[0], Integer.valueOf(pair[1].replace("m", ""))));
    return sizes;
  }
}
