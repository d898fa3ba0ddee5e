package dev.convoy.driver.configuration;

import dev.convoy.data.component.Problem;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What was meant by a name with typing errors in it. */
public final class NearestName {
  private static final int MOST_ERRORS = 2;

  private static final Pattern ONE_OF = Pattern.compile("one of ([\\w-]+(?:, [\\w-]+)*)");

  private NearestName() {}

  /** What to say of a name that is not one of those that are expected; empty if none is near. */
  static String hint(Problem problem) {
    Matcher expected = ONE_OF.matcher(problem.expected());
    if (!(problem.found() instanceof String word) || !expected.lookingAt()) {
      return "";
    }
    List<String> names = List.of(expected.group(1).split(", ", -1));
    return of(word, names, Math.min(MOST_ERRORS, word.length() / 2))
        .map(name -> "; did you mean " + name + "?")
        .orElse("");
  }

  /**
   * The name with the fewest typing errors, the first of several; empty if there are too many.
   *
   * @param maxErrors characters that are missing, too many or others
   */
  public static Optional<String> of(String word, Collection<String> names, int maxErrors) {
    LevenshteinDistance distance = new LevenshteinDistance(maxErrors);
    return names.stream()
        .filter(name -> distance.apply(word, name) >= 0)
        .min(Comparator.comparingInt(name -> distance.apply(word, name)));
  }
}
