package dev.convoy.benchmark.compare;

import java.util.Optional;

/** What a peer says. */
public sealed interface Answer {

  /**
   * It is warm.
   *
   * @param parameters learned
   * @param peakBytes that a replica took at most, without its images; 0 if nobody knows
   * @param version of what is measured
   */
  record Ready(long parameters, long peakBytes, String version) implements Answer {}

  /**
   * It has run.
   *
   * @param imagesPerSecond of all its replicas together
   */
  record Ran(double imagesPerSecond) implements Answer {}

  /** Reads a line; empty if it is none of the conversation's. */
  static Optional<Answer> parse(String line) {
    String[] words = line.strip().split(" ", 4);
    try {
      if (words[0].equals("ready") && words.length == 4) {
        return Optional.of(new Ready(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]));
      }
      if (words[0].equals("ran") && words.length > 1) {
        return Optional.of(new Ran(sumOfRates(line.strip().split(" "))));
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty(); // a library's chatter
    }
    return Optional.empty();
  }

  private static double sumOfRates(String[] words) {
    double sum = 0;
    for (int i = 1; i < words.length; i += 2) {
      sum += Long.parseLong(words[i]) / Double.parseDouble(words[i + 1]);
    }
    return sum;
  }
}
