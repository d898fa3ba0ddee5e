package dev.convoy.worker.cuda.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Cards by the numbers and names that nvidia-smi gives them, which are those that Spark hands out.
 * It is asked until it has answered once.
 */
public final class NvidiaSmi implements CardAddresses {
  private static final int PARTS = 3;
  private static final List<String> COMMAND =
      List.of("nvidia-smi", "--query-gpu=index,uuid,pci.bus_id", "--format=csv,noheader");

  private final List<String> command;
  private final Duration patience;
  private List<String> lines = List.of();

  /** The machine's. */
  public NvidiaSmi() {
    this(COMMAND, Duration.ofMinutes(1));
  }

  /**
   * A program in its place.
   *
   * @param patience after which it is ended without an answer
   */
  NvidiaSmi(List<String> command, Duration patience) {
    this.command = command;
    this.patience = patience;
  }

  @Override
  public synchronized Optional<PciId> place(String address) {
    if (lines.isEmpty()) {
      lines = ask();
    }
    return place(lines, address);
  }

  /**
   * Where a card is.
   *
   * @param lines of index, UUID and PCI id, with commas between them
   */
  static Optional<PciId> place(List<String> lines, String address) {
    for (String line : lines) {
      String[] parts = line.split(",", -1);
      if (parts.length == PARTS
          && (parts[0].strip().equals(address) || parts[1].strip().equals(address))) {
        return PciId.parse(parts[2]);
      }
    }
    return Optional.empty();
  }

  /** Its lines; none if it is not there, fails, or does not end in time. */
  private List<String> ask() {
    try {
      Path answer = Files.createTempFile("nvidia-smi", ".csv");
      try {
        return ask(answer);
      } finally {
        Files.delete(answer);
      }
    } catch (IOException e) {
      return List.of(); // there is none
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** Through a file: who reads from a process waits for as long as it lives. */
  private List<String> ask(Path answer) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(answer.toFile())
            .start();
    try {
      boolean hasAnswered =
          process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0;
      return hasAnswered ? Files.readAllLines(answer, StandardCharsets.UTF_8) : List.of();
    } finally {
      process.destroyForcibly();
    }
  }
}
