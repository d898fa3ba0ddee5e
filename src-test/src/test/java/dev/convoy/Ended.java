package dev.convoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/**
 * What a command left when it ended.
 *
 * @param exitCode of the process, or what it would have been
 * @param output all of stdout
 * @param messages all of stderr
 */
public record Ended(int exitCode, String output, String messages) {
  private static final int CONFIGURATION = 2;
  private static final List<String> PROGRESS =
      List.of(
          "curves: ",
          "synchronising ",
          "preparing ",
          "listing ",
          "decoding and packing ",
          "averaging.deadline: ",
          "initialised on the first batch",
          "reading ",
          "network: ",
          "epoch ",
          "quarantined ",
          "run directory: ",
          "trial ",
          "trials ",
          "refit of trial ",
          "search directory: ",
          "member ",
          "members ",
          "asking ",
          "ensemble directory: ",
          "going on after ",
          "wrote ");

  /** As a configuration that cannot be: a line says why, and there is no stack trace. */
  public void assertRefused(String message) {
    assertThat(exitCode).as(messages).isEqualTo(CONFIGURATION);
    assertThat(complaints()).anyMatch(line -> line.contains(message));
    assertThat(messages).doesNotContain("\tat ");
  }

  /** The lines of stderr that are not progress. */
  public List<String> complaints() {
    return messages
        .lines()
        .filter(line -> !line.isBlank() && PROGRESS.stream().noneMatch(line::startsWith))
        .toList();
  }
}
