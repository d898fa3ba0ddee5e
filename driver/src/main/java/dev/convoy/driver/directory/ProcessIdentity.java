package dev.convoy.driver.directory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process, told from every other one.
 *
 * @param host its name, for people
 * @param system where the process id means something: the user, and on Linux the boot and the
 *     namespace of process ids; containers and machines may share a host name
 * @param id of the process
 * @param start tells processes with the same id apart; empty if unknown
 */
record ProcessIdentity(String host, String system, long id, String start) {
  private static final Path PROCESSES = Path.of("/proc");

  /** This process. */
  static ProcessIdentity own() {
    return of(ProcessHandle.current().pid());
  }

  /** The process that has this id now, on this system. */
  static ProcessIdentity of(long id) {
    return new ProcessIdentity(hostHere(), systemHere(), id, startOf(id));
  }

  /**
   * Whether it is certain that the process has ended: only a process of this system can be seen.
   */
  boolean hasEnded() {
    return host.equals(hostHere()) && system.equals(systemHere()) && !start.equals(startOf(id));
  }

  private static String hostHere() {
    return firstLine(PROCESSES.resolve("sys/kernel/hostname"))
        .orElseGet(
            () -> {
              try {
                return InetAddress.getLocalHost().getHostName();
              } catch (UnknownHostException e) {
                return "unknown host";
              }
            });
  }

  private static String systemHere() {
    return System.getProperty("user.name")
        + " "
        + firstLine(PROCESSES.resolve("sys/kernel/random/boot_id")).orElse("")
        + " "
        + processNamespace();
  }

  private static String processNamespace() {
    try {
      return Files.readSymbolicLink(PROCESSES.resolve("self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  /** Empty if no such process lives. */
  private static String startOf(long id) {
    return Files.isDirectory(PROCESSES.resolve("self"))
        ? firstLine(PROCESSES.resolve(id + "/stat")).map(ProcessIdentity::startTicks).orElse("")
        : ProcessHandle.of(id)
            .filter(ProcessHandle::isAlive)
            .flatMap(handle -> handle.info().startInstant())
            .map(Instant::toString)
            .orElse("");
  }

  /**
   * The start in clock ticks after the boot, which unlike Java's instant does not move when the
   * clock is set. A zombie has ended.
   */
  private static String startTicks(String stat) {
    // After the name in parentheses, which may hold anything: state, …; see man proc_pid_stat.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
    int state = 0;
    int ticks = 19;
    return fields.length <= ticks || fields[state].equals("Z") || fields[state].equals("X")
        ? ""
        : fields[ticks];
  }

  private static Optional<String> firstLine(Path file) {
    try {
      return Files.readString(file).lines().findFirst().filter(line -> !line.isBlank());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
