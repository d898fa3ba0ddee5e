package dev.convoy.clusters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The physical memory of processes. */
final class ResidentMemory {
  private static final String MOST = "VmHWM:";
  private static final int KIBIBYTES = 1024;

  private ResidentMemory() {}

  /** The most that a process has had so far, in MiB; 0 if it has ended. */
  static long most(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith(MOST))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIBIBYTES)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
