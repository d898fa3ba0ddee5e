package dev.convoy.benchmark.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Why a child ended, from what it wrote. */
final class LastMessage {
  private LastMessage() {}

  /** The line of a failure that says what it was. */
  static String of(Path log) {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      return lines.stream()
          .filter(line -> !line.isBlank() && !line.startsWith("\t") && !line.startsWith(" "))
          .reduce((first, second) -> second)
          .orElse("without a message");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
