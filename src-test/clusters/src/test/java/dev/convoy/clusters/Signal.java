package dev.convoy.clusters;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What stops a process where it is, and has it go on. */
enum Signal {
  STOP,
  CONT;

  /** Sends it. */
  void send(ProcessHandle process) {
    try {
      new ProcessBuilder("kill", "-" + name(), Long.toString(process.pid())).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
