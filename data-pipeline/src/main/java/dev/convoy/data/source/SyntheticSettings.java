package dev.convoy.data.source;

import java.io.Serializable;

/**
 * How many synthetic images there are and how hard they are to tell apart.
 *
 * @param trainExamples images with role TRAIN, at least 1
 * @param testExamples images with role TEST, and with role VALIDATION, at least 1
 * @param classes different shapes, 2 to 10
 * @param noise standard deviation of the noise as a share of the value range, 0 to 1
 * @param seed seed of the images; independent of the run's seed
 */
public record SyntheticSettings(
    int trainExamples, int testExamples, int classes, double noise, long seed)
    implements Serializable {
  /** Checks the ranges; throws {@link IllegalArgumentException} when one is left. */
  public SyntheticSettings {
    require(trainExamples >= 1, "at least 1 training example", trainExamples);
    require(testExamples >= 1, "at least 1 test example", testExamples);
    require(classes >= 2 && classes <= 10, "2 to 10 classes", classes);
    require(noise >= 0 && noise <= 1, "noise of 0 to 1", noise);
  }

  private static void require(boolean condition, String expected, Number found) {
    if (!condition) {
      throw new IllegalArgumentException(
          "Cannot draw synthetic images: expected " + expected + ", found " + found + ".");
    }
  }
}
