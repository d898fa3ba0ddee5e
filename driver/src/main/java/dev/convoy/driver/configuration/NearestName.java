package dev.convoy.driver.configuration;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What was meant by a name with typing errors in it. */
public final class NearestName {
  private NearestName() {}

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
