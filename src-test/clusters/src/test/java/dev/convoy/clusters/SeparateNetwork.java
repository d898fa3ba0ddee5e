package dev.convoy.clusters;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A network of one machine, which a cable joins to this one: Linux's network namespace with a pair
 * of virtual interfaces. It takes a root's rights.
 */
final class SeparateNetwork implements AutoCloseable {
  private static final String NAME = "convoy-apart";
  private static final String HERE = "convoy0";
  private static final String THERE = "convoy1";
  static final String HOST_HERE = "10.213.77.1";
  static final String HOST_THERE = "10.213.77.2";

  /** Makes it. */
  SeparateNetwork() {
    close();
    require("ip", "netns", "add", NAME);
    require("ip", "link", "add", HERE, "type", "veth", "peer", "name", THERE, "netns", NAME);
    require("ip", "addr", "add", HOST_HERE + "/24", "dev", HERE);
    require("ip", "link", "set", HERE, "up");
    require("ip", "netns", "exec", NAME, "ip", "addr", "add", HOST_THERE + "/24", "dev", THERE);
    require("ip", "netns", "exec", NAME, "ip", "link", "set", THERE, "up");
    require("ip", "netns", "exec", NAME, "ip", "link", "set", "lo", "up");
  }

  /** Whether this process may make one. */
  static boolean isPossible() {
    boolean made = run("ip", "netns", "add", NAME + "-tried") == 0;
    return made && run("ip", "netns", "del", NAME + "-tried") == 0;
  }

  /** What to put in front of a command that is to run there. */
  List<String> prefix() {
    return List.of("ip", "netns", "exec", NAME);
  }

  /** Nothing gets through from now on, and nobody is told. */
  void cut() {
    require("ip", "link", "set", HERE, "down");
  }

  /** Everything gets through again. */
  void join() {
    require("ip", "link", "set", HERE, "up");
  }

  private static void require(String... command) {
    int code = run(command);
    if (code != 0) {
      throw new IllegalStateException(String.join(" ", command) + " ended with " + code);
    }
  }

  private static int run(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      if (command[1].equals("netns") && command[0].equals("ip")) {
        return -1; // no such command here
      }
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    run("ip", "link", "del", HERE);
    run("ip", "netns", "del", NAME);
  }
}
