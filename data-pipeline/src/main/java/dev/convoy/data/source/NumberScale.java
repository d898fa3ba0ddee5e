package dev.convoy.data.source;

import java.util.Arrays;

/**
 * How numbers to be learned are standardised: a network learns {@code (number - mean) / deviation},
 * so that neither its rate nor its loss depends on units. Immutable; arrays are not to be changed.
 *
 * @param means of the training images' numbers
 * @param deviations of the same, above 0
 */
public record NumberScale(double[] means, double[] deviations) {
  /** Of the numbers of training images; a number that is always the same has a deviation of 1. */
  public static NumberScale of(Listing training) {
    int width = training.numbersEach();
    double[] means = new double[width];
    double[] deviations = new double[width];
    for (int i = 0; i < training.size(); i++) {
      float[] numbers = training.numbers(i);
      for (int output = 0; output < width; output++) {
        means[output] += numbers[output] / (double) training.size();
      }
    }
    for (int i = 0; i < training.size(); i++) {
      float[] numbers = training.numbers(i);
      for (int output = 0; output < width; output++) {
        double deviation = numbers[output] - means[output];
        deviations[output] += deviation * deviation / training.size();
      }
    }
    Arrays.setAll(
        deviations,
        output -> {
          double deviation = Math.sqrt(deviations[output]);
          // What differs by rounding alone is one number.
          return deviation > 1e-6 * Math.abs(means[output]) && deviation > 0 ? deviation : 1;
        });
    return new NumberScale(means, deviations);
  }

  /** The same examples with standardised numbers. */
  public Listing standardise(Listing listing) {
    int width = means.length;
    float[] standardised = new float[listing.size() * width];
    for (int i = 0; i < listing.size(); i++) {
      float[] numbers = listing.numbers(i);
      for (int output = 0; output < width; output++) {
        standardised[i * width + output] =
            (float) ((numbers[output] - means[output]) / deviations[output]);
      }
    }
    return listing.size() == 0 ? listing : listing.withNumbers(standardised);
  }

  /** The number that an output stands for. */
  public double number(int output, double standardised) {
    return standardised * deviations[output] + means[output];
  }
}
