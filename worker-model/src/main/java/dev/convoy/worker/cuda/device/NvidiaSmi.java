package dev.convoy.worker.cuda.device;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Cards by the numbers and names that nvidia-smi gives them, which are those that Spark hands out.
 * It is asked once.
 */
public final class NvidiaSmi implements CardAddresses {
  private static final int PARTS = 3;
  private static final long TIMEOUT_SECONDS = 60;

  private List<String> lines;

  @Override
  public synchronized Optional<PciId> place(String address) {
    if (lines == null) {
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

  private static List<String> ask() {
    List<String> answer = new ArrayList<>();
    try {
      Process process =
          new ProcessBuilder(
                  "nvidia-smi", "--query-gpu=index,uuid,pci.bus_id", "--format=csv,noheader")
              .redirectErrorStream(true)
              .start();
      try (BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        output.lines().forEach(answer::add);
      }
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return List.of(); // there is none
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answer;
  }
}
