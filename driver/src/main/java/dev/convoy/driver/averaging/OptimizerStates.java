package dev.convoy.driver.averaging;

/** What becomes of the workers' optimizer states between rounds. */
public enum OptimizerStates {
  /** They are averaged like the parameters. */
  AVERAGE,
  /** Zeros every round, as before the first step. */
  RESET,
  /** Each worker goes on with its own. */
  KEEP
}
