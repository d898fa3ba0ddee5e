package dev.convoy.driver.space;

import dev.convoy.driver.configuration.NearestName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An expression with identifiers where it has keys, whose dots and hyphens would be operators: the
 * longest known key at each place outside quotes. Every other word that is not an operator is an
 * unknown key.
 */
final class KeyReplacement {
  private static final int MAX_TYPING_ERRORS = 6;
  private static final Set<String> OPERATORS =
      Set.of(
          "and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "div", "mod", "true", "false",
          "null", "empty", "size");

  /**
   * Text in quotes (for JEXL to complain of, where they stay open), a number, a word with dots and
   * hyphens; else any one character.
   */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<quoted>'(?:\\\\.|[^'\\\\])*'?|\"(?:\\\\.|[^\"\\\\])*\"?)"
              + "|(?<number>\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)"
              + "|(?<word>[A-Za-z_$@#`](?:[\\w$]|[.-](?=[\\w\"]))*)"
              + "|.",
          Pattern.DOTALL);

  private static final Pattern IDENTIFIER = Pattern.compile("\\bkey(\\d+)\\b");

  private final String written;
  private final List<String> longestFirst;
  private final List<String> keys = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();
  private final String expression;

  KeyReplacement(String written, Set<String> knownKeys) {
    this.written = written;
    this.longestFirst =
        knownKeys.stream()
            .sorted(
                Comparator.comparingInt(String::length)
                    .reversed()
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    this.expression = replace();
  }

  /** The identifier of a key by its position in {@link #keys()}. */
  static String identifier(int index) {
    return "key" + index;
  }

  /** The keys that occur. */
  List<String> keys() {
    return keys;
  }

  /** Words that are no known keys, each with the nearest one, for a message. */
  List<String> unknown() {
    return unknown;
  }

  /** The expression with identifiers for keys. */
  String expression() {
    return expression;
  }

  /** A text in which identifiers are keys again. */
  String withKeys(String text) {
    return IDENTIFIER
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(keys.get(Integer.parseInt(match.group(1)))));
  }

  private String replace() {
    StringBuilder replaced = new StringBuilder();
    Matcher token = TOKEN.matcher(written);
    int position = 0;
    while (position < written.length()) {
      token.region(position, written.length());
      token.lookingAt();
      Optional<String> key = token.group("word") == null ? Optional.empty() : keyAt(token);
      if (key.isPresent()) {
        replaced.append(identifier(indexOf(key.get())));
        position += key.get().length();
      } else {
        if (token.group("word") != null && !OPERATORS.contains(token.group("word"))) {
          unknown.add(token.group("word") + nearest(token.group("word")));
        }
        replaced.append(token.group());
        position = token.end();
      }
    }
    return replaced.toString();
  }

  /** The longest known key at a word, unless the word goes on as a longer key would. */
  private Optional<String> keyAt(Matcher token) {
    return longestFirst.stream()
        .filter(key -> written.startsWith(key, token.start()))
        .findFirst()
        .filter(key -> endsAt(token.start() + key.length(), token.end()));
  }

  /** After a key may follow a minus and a number, or a minus and another key. */
  private boolean endsAt(int end, int wordEnd) {
    if (end >= wordEnd) {
      return true;
    }
    String rest = written.substring(end + 1);
    return written.charAt(end) == '-'
        && (Character.isDigit(rest.charAt(0)) || longestFirst.stream().anyMatch(rest::startsWith));
  }

  private int indexOf(String key) {
    if (!keys.contains(key)) {
      keys.add(key);
    }
    return keys.indexOf(key);
  }

  private String nearest(String word) {
    return NearestName.of(word, longestFirst, MAX_TYPING_ERRORS)
        .map(key -> "; did you mean " + key + "?")
        .orElse("");
  }
}
