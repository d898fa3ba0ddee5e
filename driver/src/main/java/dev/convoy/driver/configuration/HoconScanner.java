package dev.convoy.driver.configuration;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import dev.convoy.data.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;

/**
 * Reads the structure of a HOCON text before it is parsed: it finds what the parser would report in
 * terms of its grammar, and what the parser would drop without a word, and prepares what the parser
 * cannot do: settings of Spark each in a member of its own ({@link SparkBlock}), and numbers in
 * place of the files that are included. Lines stay as they are.
 */
final class HoconScanner {
  private static final Pattern INCLUDE =
      Pattern.compile(
          "include[ \\t]+(?:required[ \\t]*\\([ \\t]*)?(?:(file|url|classpath)[ \\t]*\\([ \\t]*)?"
              + "\"((?:[^\"\\\\\\n]|\\\\.)*)\"(?:[ \\t]*\\)){0,2}");

  private static final String TYPOGRAPHIC_QUOTES = "“”„‟«»‘’‚";

  /** What HOCON does not allow outside quotation marks, but for brackets and braces. */
  private static final String RESERVED = "$\":=,+#`^?!@*&\\";

  /** What stands for a value in a position where no path is known. */
  private static final List<String> UNKNOWN = List.of();

  /**
   * What was found.
   *
   * @param text to be parsed
   * @param includes files to be included, in the order of their numbers in the text
   * @param problems one for each thing that is wrong
   * @param hasComment whether there is a comment in it
   */
  record Outline(String text, List<Include> includes, List<Problem> problems, boolean hasComment) {}

  /**
   * A file to be included.
   *
   * @param name as it was written
   * @param kind file, url, classpath or nothing
   * @param block keys of the block that it is included into
   * @param line counted from 1
   */
  record Include(String name, String kind, List<String> block, int line) {}

  /**
   * Something that is wrong.
   *
   * @param line counted from 1
   */
  record Problem(int line, String what) {}

  private enum Shape {
    BLOCK,
    PLAIN,
    REFERENCE
  }

  private record Replacement(int end, String text) {}

  private record Assignment(List<String> path, Shape shape, int line) {}

  private final String text;
  private final List<Include> includes = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<Assignment> assignments = new ArrayList<>();
  private final TreeMap<Integer, Replacement> replacements = new TreeMap<>();
  private boolean hasComment;
  private int at;
  private int line = 1;
  private int lists;

  private HoconScanner(String text) {
    this.text = text;
  }

  /**
   * Scans a text.
   *
   * @param block keys of the block that the text stands in; empty for a whole configuration
   */
  static Outline scan(String text, List<String> block) {
    HoconScanner scanner = new HoconScanner(text);
    scanner.document(block);
    scanner.findCollisions();
    return new Outline(
        scanner.prepared(),
        List.copyOf(scanner.includes),
        List.copyOf(scanner.problems),
        scanner.hasComment);
  }

  private void document(List<String> block) {
    skipBlank(false);
    if (peek() == '{') {
      object(block, "the configuration");
      skipBlank(false);
      if (!atEnd()) {
        problem(line, "expected nothing after the last }, found %s", quoteLine());
      }
    } else {
      members(block, -1, "");
    }
  }

  private void object(List<String> path, String name) {
    int opened = line;
    advance();
    members(path, opened, name);
  }

  /** Everything up to the closing brace, or to the end of a text without braces. */
  private void members(List<String> block, int opened, String name) {
    while (true) {
      skipBlank(true);
      if (atEnd()) {
        if (opened > 0) {
          problem(opened, "the { of %s is never closed: a } is missing", name);
        }
        return;
      }
      switch (peek()) {
        case '}' -> {
          advance();
          if (opened > 0) {
            return;
          }
          problem(line, "this } closes nothing: a { is missing, or it is one too many");
        }
        case ']' -> {
          problem(line, "this ] closes nothing: a [ is missing, or it is one too many");
          advance();
        }
        default -> member(block);
      }
    }
  }

  private void member(List<String> block) {
    if (include(block)) {
      return;
    }
    int start = at;
    int keyLine = line;
    String written = key();
    int end = start + written.length();
    skipBlank(false);
    String name = written.isEmpty() ? "this" : written;
    boolean separated = peek() == '=' || peek() == ':' || text.startsWith("+=", at);
    if (!separated && peek() != '{') {
      boolean includes = written.startsWith("include ");
      problem(
          keyLine,
          includes
              ? "expected include \"file\", found %s"
              : "expected key = value, found %s without a =",
          written);
      return;
    }
    List<String> path = path(block, written, keyLine);
    if (!separated) {
      assign(block, path, Shape.BLOCK, keyLine, start, end);
      object(path, name);
      return;
    }
    at += text.startsWith("+=", at) ? 2 : 1;
    skipBlank(false);
    Shape shape = value(path, name, keyLine);
    assign(block, path, shape, keyLine, start, end);
  }

  private boolean include(List<String> block) {
    Matcher include = INCLUDE.matcher(text).region(at, text.length());
    if (!include.lookingAt()) {
      return false;
    }
    String name = include.group(2).replaceAll("\\\\(.)", "$1");
    replace(at, include.end(), "include \"" + includes.size() + "\"");
    includes.add(new Include(name, include.group(1) == null ? "" : include.group(1), block, line));
    at = include.end();
    return true;
  }

  /** The text of a key, without the blanks around it. */
  private String key() {
    int start = at;
    while (!atEnd() && "=:{}],\n#".indexOf(peek()) < 0 && !startsComment() && !startsAppending()) {
      if (peek() == '"') {
        quoted("a key");
      } else {
        checkTypography();
        advance();
      }
    }
    return text.substring(start, at).stripTrailing();
  }

  private boolean startsAppending() {
    return text.startsWith("+=", at);
  }

  /** The keys of a member, from the outermost; unknown where these do not matter. */
  private List<String> path(List<String> block, String written, int keyLine) {
    try {
      List<String> path = new ArrayList<>(block);
      path.addAll(ConfigUtil.splitPath(written));
      return path;
    } catch (ConfigException e) {
      problem(keyLine, "expected a key, found %s", written.isEmpty() ? "none" : written);
      return UNKNOWN;
    }
  }

  private void assign(
      List<String> block, List<String> path, Shape shape, int keyLine, int start, int end) {
    if (lists > 0 || path.isEmpty()) {
      return;
    }
    if (!SparkBlock.isSetting(path)) {
      assignments.add(new Assignment(path, shape, keyLine));
      return;
    }
    List<String> elements = SparkBlock.scanned(path, shape == Shape.BLOCK);
    int outer = SparkBlock.isSetting(block) ? SparkBlock.scanned(block, true).size() : block.size();
    replace(start, end, ConfigUtil.joinPath(elements.subList(outer, elements.size())));
  }

  private Shape value(List<String> path, String name, int keyLine) {
    int begun = line;
    if (atEnd() || peek() == '}' || peek() == ',' || peek() == ']') {
      problem(keyLine, "%s has no value after the =", name);
      return Shape.PLAIN;
    }
    Shape shape =
        peek() == '{' ? Shape.BLOCK : text.startsWith("${", at) ? Shape.REFERENCE : Shape.PLAIN;
    int start = at;
    boolean isText = lists == 0 && TextKeys.isText(path);
    while (!atEnd() && ",}]\n\r".indexOf(peek()) < 0) {
      char next = peek();
      if (startsComment()) {
        if (isText
            && at > start
            && !Character.isWhitespace(text.charAt(at - 1))
            && text.charAt(at - 1) != '"') {
          problem(
              line,
              "what follows %s = %s is a comment: %s",
              name,
              text.substring(start, at),
              inQuotes(name, start));
        }
        skipLine();
      } else if (next == '"') {
        quoted(name);
      } else if (text.startsWith("${", at)) {
        reference(name);
      } else if (next == '{' && (at == start || shape != Shape.PLAIN)) {
        object(path, name);
      } else if (next == '[' && !(isText && at > start)) {
        list(path, name);
      } else if (next == '=' && begun > keyLine) {
        problem(keyLine, "%s has no value after the =", name);
        skipLine();
      } else if (next == '=') {
        problem(
            line,
            "expected one key = value on a line, or a comma between two, found %s",
            quoteLine());
        skipLine();
      } else if (next == '{' || next == '[' || isReserved(next)) {
        problem(
            line, "expected quotation marks, since there is a %s: %s", next, inQuotes(name, start));
        skipRest();
      } else {
        checkTypography();
        advance();
      }
    }
    if (text.substring(start, at).strip().matches("'[^']*'(?:\\s*(?:#|//).*)?")) {
      problem(begun, "expected \" as quotation marks, found ': %s", inQuotes(name, start));
    }
    return shape;
  }

  /** A plus and a question mark may be part of a number or a word as HOCON reads them. */
  private boolean isReserved(char next) {
    return RESERVED.indexOf(next) >= 0
        && !(next == '+' && at > 0 && isExponent(text.charAt(at - 1)));
  }

  private static boolean isExponent(char before) {
    return before == 'e' || before == 'E';
  }

  /** How the value should have been written. */
  private String inQuotes(String name, int start) {
    int end = start;
    while (end < text.length() && "\n\r}".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String value = text.substring(start, end).strip().replaceAll("^'|'$", "");
    String bare = StringUtils.substringBefore(value, " #").strip();
    return "write " + name + " = " + ConfigUtil.quoteString(bare);
  }

  private void list(List<String> path, String name) {
    int opened = line;
    advance();
    lists++;
    while (true) {
      skipBlank(true);
      if (atEnd()) {
        problem(opened, "the [ of %s is never closed: a ] is missing", name);
        break;
      }
      if (peek() == ']') {
        advance();
        break;
      }
      if (peek() == '}') {
        problem(line, "expected a ] to close the [ of %s in line %d, found a }", name, opened);
        advance();
        break;
      }
      value(path, name, line);
    }
    lists--;
  }

  private void quoted(String name) {
    int opened = line;
    if (text.startsWith("\"\"\"", at)) {
      int end = text.indexOf("\"\"\"", at + 3);
      if (end < 0) {
        problem(opened, "the \"\"\" of %s is never closed", name);
      }
      int stop = end < 0 ? text.length() : end + 3;
      while (at < stop) {
        advance();
      }
      return;
    }
    advance();
    while (!atEnd() && peek() != '"' && peek() != '\n') {
      if (peek() == '\\') {
        advance();
      }
      if (!atEnd() && peek() != '\n') {
        advance();
      }
    }
    if (peek() == '"') {
      advance();
    } else {
      problem(opened, "the quotation mark of %s is not closed in its line: a \" is missing", name);
    }
  }

  /** Names of settings of Spark are one element in what refers to them, too. */
  private void reference(String name) {
    int start = at;
    int end = text.indexOf('}', at);
    int lineEnd = text.indexOf('\n', at);
    if (end < 0 || (lineEnd >= 0 && lineEnd < end)) {
      problem(line, "the ${ of %s is not closed in its line: a } is missing", name);
      skipLine();
      return;
    }
    at = end + 1;
    String optional = text.startsWith("${?", start) ? "?" : "";
    String inner = text.substring(start + 2 + optional.length(), end);
    try {
      List<String> path = ConfigUtil.splitPath(inner.strip());
      if (SparkBlock.isSetting(path)) {
        replace(start, end + 1, "${" + optional + ConfigUtil.joinPath(SparkBlock.path(path)) + "}");
      }
    } catch (ConfigException e) {
      problem(line, "%s: expected a key in ${…}, found %s", name, inner.isBlank() ? "none" : inner);
    }
  }

  private void checkTypography() {
    if (TYPOGRAPHIC_QUOTES.indexOf(peek()) >= 0) {
      problem(line, "expected \" as quotation marks, found the typographic %s", peek());
    }
  }

  /** A key with a value, and a longer one: the parser keeps one of the two. */
  private void findCollisions() {
    Map<List<String>, Assignment> plain = new HashMap<>();
    for (Assignment assignment : assignments) {
      if (assignment.shape() == Shape.PLAIN) {
        plain.putIfAbsent(assignment.path(), assignment);
      }
    }
    for (Assignment longer : assignments) {
      int most = longer.shape() == Shape.BLOCK ? longer.path().size() : longer.path().size() - 1;
      for (int length = 1; length <= most; length++) {
        Assignment shorter = plain.get(longer.path().subList(0, length));
        if (shorter != null) {
          String where = "line " + shorter.line();
          problem(longer.line(), "%s", collision(shorter.path(), where, longer.path()));
          plain.remove(shorter.path());
        }
      }
    }
  }

  /** Says that a key has a value and members. */
  static String collision(List<String> shorter, String where, List<String> longer) {
    String key = String.join(".", shorter);
    String other = shorter.equals(longer) ? "a block for it" : String.join(".", longer);
    return Text.of(
        "%1$s: expected a value or a block, found both: %1$s (%2$s) and %3$s", key, where, other);
  }

  private void skipBlank(boolean commas) {
    while (!atEnd()) {
      if (startsComment()) {
        skipLine();
      } else if (isBlank(peek()) || (commas && peek() == ',')) {
        advance();
      } else {
        return;
      }
    }
  }

  private static boolean isBlank(char character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || character == '\uFEFF';
  }

  private boolean startsComment() {
    return peek() == '#' || text.startsWith("//", at);
  }

  /** Skips a comment, or what is not understood. */
  private void skipLine() {
    hasComment |= startsComment();
    while (!atEnd() && peek() != '\n') {
      at++;
    }
  }

  private void skipRest() {
    while (!atEnd() && ",}]\n".indexOf(peek()) < 0) {
      at++;
    }
  }

  private String quoteLine() {
    int start = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
    int end = text.indexOf('\n', at);
    return text.substring(Math.min(start, at), end < 0 ? text.length() : end).strip();
  }

  private boolean atEnd() {
    return at >= text.length();
  }

  /** The next character; at the end one that is nowhere else. */
  private char peek() {
    return atEnd() ? Character.MIN_VALUE : text.charAt(at);
  }

  private void advance() {
    if (text.charAt(at) == '\n') {
      line++;
    }
    at++;
  }

  private void problem(int where, String format, Object... values) {
    Problem problem = new Problem(where, Text.of(format, values));
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  private void replace(int start, int end, String replacement) {
    replacements.put(start, new Replacement(end, replacement));
  }

  private String prepared() {
    StringBuilder prepared = new StringBuilder();
    int copied = 0;
    for (Map.Entry<Integer, Replacement> entry : replacements.entrySet()) {
      prepared.append(text, copied, entry.getKey()).append(entry.getValue().text());
      copied = entry.getValue().end();
    }
    return prepared.append(text, copied, text.length()).toString();
  }
}
