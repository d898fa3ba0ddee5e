package dev.convoy.driver.check;

/** One thing that is looked at before a long run. Stateless. */
abstract class Check {
  private final String name;
  private final String meaning;
  private final String source;

  /**
   * Declares it.
   *
   * @param name in results
   * @param meaning what it looks at, and why, in a sentence
   * @param source who recommends it
   */
  Check(String name, String meaning, String source) {
    this.name = name;
    this.meaning = meaning;
    this.source = source;
  }

  final String name() {
    return name;
  }

  final String meaning() {
    return meaning;
  }

  final String source() {
    return source;
  }

  /** Looks. */
  abstract Verdict look(CheckedRun run);
}
