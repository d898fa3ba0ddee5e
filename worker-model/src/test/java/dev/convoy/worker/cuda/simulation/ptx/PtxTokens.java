package dev.convoy.worker.cuda.simulation.ptx;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a PTX text, taken one after the other. */
final class PtxTokens {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<skipped>\\s+|//[^\\n]*|/\\*.*?\\*/)"
              + "|\"[^\"\\n]*\""
              + "|0[fF][0-9a-fA-F]{8}|0[dD][0-9a-fA-F]{16}|0[xX][0-9a-fA-F]+U?"
              + "|\\d+\\.\\d+|\\d+U?"
              + "|[A-Za-z_$%.][\\w$.%]*(?:::[\\w.]+)*"
              + "|[{}()\\[\\],;:+\\-<>=|!@]",
          Pattern.DOTALL);

  private final List<String> words = new ArrayList<>();
  private final List<Integer> lines = new ArrayList<>();
  private int position;

  PtxTokens(String text) {
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    int line = 1;
    while (at < text.length()) {
      if (!matcher.region(at, text.length()).lookingAt()) {
        throw new PtxException(line, "cannot read \"" + text.charAt(at) + "\"");
      }
      if (matcher.group("skipped") == null) {
        words.add(matcher.group());
        lines.add(line);
      }
      line += (int) matcher.group().chars().filter(c -> c == '\n').count();
      at = matcher.end();
    }
  }

  boolean atEnd() {
    return position == words.size();
  }

  int position() {
    return position;
  }

  void moveTo(int other) {
    position = other;
  }

  /** The line of the next word. */
  int line() {
    return lines.isEmpty() ? 1 : lines.get(Math.min(position, lines.size() - 1));
  }

  String peek() {
    if (atEnd()) {
      throw new PtxException(line(), "ends too early");
    }
    return words.get(position);
  }

  boolean isNext(String word) {
    return !atEnd() && words.get(position).equals(word);
  }

  /** Whether the word after the next one is this. */
  boolean isSecond(String word) {
    return position + 1 < words.size() && words.get(position + 1).equals(word);
  }

  String next() {
    String word = peek();
    position++;
    return word;
  }

  boolean skip(String word) {
    if (isNext(word)) {
      position++;
      return true;
    }
    return false;
  }

  void expect(String word) {
    if (!skip(word)) {
      throw new PtxException(line(), "has \"" + peek() + "\" where \"" + word + "\" belongs");
    }
  }

  /** A whole number, with its sign. */
  long number() {
    boolean negative = skip("-");
    long value = number(next(), line());
    return negative ? -value : value;
  }

  /** The bits of a number, as integer, single or double precision. */
  static long number(String word, int line) {
    String digits = word.endsWith("U") ? word.substring(0, word.length() - 1) : word;
    try {
      String start = digits.length() > 1 ? digits.substring(0, 2) : digits;
      return switch (start) {
        case "0f", "0F", "0d", "0D", "0x", "0X" -> Long.parseUnsignedLong(digits.substring(2), 16);
        default -> Long.parseUnsignedLong(digits);
      };
    } catch (NumberFormatException e) {
      throw new PtxException(line, "has \"" + word + "\" where a number belongs");
    }
  }

  /** Passes over what is between two braces, the first of which is next. */
  void skipBraces() {
    expect("{");
    for (int depth = 1; depth > 0; ) {
      String word = next();
      if (word.equals("{")) {
        depth++;
      } else if (word.equals("}")) {
        depth--;
      }
    }
  }
}
