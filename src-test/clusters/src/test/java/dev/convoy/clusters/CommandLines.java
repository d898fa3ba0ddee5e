package dev.convoy.clusters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The commands that processes were started with, however long: Java gives the short ones alone. */
final class CommandLines {
  private CommandLines() {}

  /** Whether a process of this user's is a Java whose command names a class. */
  static boolean isJavaOf(ProcessHandle process, String className) {
    try {
      String line =
          Files.readString(
              Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
      String program = line.substring(0, Math.max(0, line.indexOf('\0')));
      return program.endsWith("java") && line.contains(className);
    } catch (IOException e) {
      return false; // it has ended
    }
  }
}
