package dev.convoy.driver.check;

/** One thing that is looked at before a long run. Stateless. */
interface Check {
  /** Its name in results. */
  String name();

  /** What it looks at, and why, in a sentence. */
  String meaning();

  /** Who recommends it. */
  String source();

  /** Looks. */
  Verdict look(CheckedRun run);
}
