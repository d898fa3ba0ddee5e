package dev.convoy.driver.directory;

import java.util.Optional;

/**
 * What config.conf says: the configuration that a directory belongs to, behind a line that shows
 * that Convoy wrote it, and that nothing in it was changed since.
 */
record HeldConfiguration(State state, String text) {
  static final String NAME = "config.conf";
  private static final String MARK = "# convoy: what this directory belongs to, crc32c ";

  /** The content of config.conf while what the directory held is thrown away. */
  static final String THROWN_AWAY = "# convoy: what this directory holds is thrown away\n";

  /** Whether it can be believed. */
  enum State {
    /** As Convoy wrote it. */
    INTACT,
    /** Convoy wrote it, and something was changed since. */
    CHANGED,
    /** Convoy, or this version of it, did not write it. */
    FOREIGN,
    /** The content is being thrown away; the next command finishes that. */
    THROWN_AWAY
  }

  /** That of a directory; empty if it has none. */
  static Optional<HeldConfiguration> of(DirectoryFiles directory) {
    return directory.text(NAME).map(HeldConfiguration::parse);
  }

  /** Makes a directory belong to a configuration. */
  static void write(DirectoryFiles directory, String text) {
    directory.writeText(NAME, contentFor(text));
  }

  /** Of the content of config.conf. */
  static HeldConfiguration parse(String content) {
    if (content.equals(THROWN_AWAY)) {
      return new HeldConfiguration(State.THROWN_AWAY, "");
    }
    if (!content.startsWith(MARK)) {
      return new HeldConfiguration(State.FOREIGN, content);
    }
    int end = content.indexOf('\n');
    String text = content.substring(end + 1);
    boolean intact =
        end > 0 && content.substring(0, end).equals(MARK + RecordChecksum.ofText(text));
    return new HeldConfiguration(intact ? State.INTACT : State.CHANGED, text);
  }

  /** What it is, for messages. */
  String description() {
    return switch (state) {
      case INTACT, CHANGED ->
          "a config.conf that was changed since Convoy wrote it; restore it, and give what is to"
              + " change on the command line";
      case FOREIGN -> "a config.conf that this version of Convoy did not write";
      case THROWN_AWAY -> "a directory whose content is being thrown away";
    };
  }

  /** The content of config.conf for a configuration. */
  static String contentFor(String text) {
    return MARK + RecordChecksum.ofText(text) + "\n" + text;
  }
}
