package dev.convoy.driver.command;

/** What the process's exit status says to scripts. */
final class ExitCode {
  static final int DONE = 0;
  static final int OTHER = 1;
  static final int CONFIGURATION = 2;
  static final int DATA = 3;
  static final int TRAINING = 4;

  /** A check has found something: training would not go as it should. */
  static final int FOUND = TRAINING;

  /** EX_TEMPFAIL of sysexits.h: try again later. */
  static final int IN_USE = 75;

  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
