package dev.convoy.driver.directory;

import java.io.PrintStream;

/**
 * Standard output, kept for results, which scripts read. While it is reserved, whatever libraries
 * print goes to standard error. For one command at a time.
 */
public final class StandardOutput {
  /** Why what was written there is lost, for messages. */
  public static final String LOST = "whoever reads it has closed it, or its disk is full";

  private static PrintStream reserved;

  private StandardOutput() {}

  /** Keeps it for results until {@link #release}. */
  public static void reserve() {
    reserved = System.out;
    System.setOut(System.err);
  }

  /** Lets everybody print there again. */
  public static void release() {
    System.setOut(reserved);
    reserved = null;
  }

  /** Where results are written. */
  public static PrintStream results() {
    return reserved == null ? System.out : reserved;
  }
}
