package dev.convoy.benchmark.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory this process took since a moment, on Linux; elsewhere 0.
 *
 * @param before bytes at that moment
 */
record ResidentMemory(long before) {
  private static final Path PROCESS = Path.of("/proc/self");

  /** Begins now; what the process took before is forgotten. */
  static ResidentMemory now() {
    try {
      Files.writeString(PROCESS.resolve("clear_refs"), "5"); // resets the peak
    } catch (IOException e) {
      return new ResidentMemory(read("VmRSS:")); // the peak may be that of the start
    }
    return new ResidentMemory(read("VmRSS:"));
  }

  /** The most bytes since then. */
  long most() {
    return Math.max(0, read("VmHWM:") - before);
  }

  private static long read(String field) {
    try {
      for (String line : Files.readAllLines(PROCESS.resolve("status"))) {
        if (line.startsWith(field)) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException e) {
      return 0; // not Linux
    }
    return 0;
  }
}
