package dev.convoy.benchmark.peer;

import java.nio.file.Path;
import java.security.CodeSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Versions, as the names of jars tell them. */
final class Jars {
  private static final Pattern NAME = Pattern.compile("-(\\d[^/]*)\\.jar$");

  private Jars() {}

  /** The version in the name of the jar that a class came from, or "unknown". */
  static String version(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      return "unknown";
    }
    Matcher name = NAME.matcher(Path.of(source.getLocation().getPath()).getFileName().toString());
    return name.find() ? name.group(1) : "unknown";
  }
}
