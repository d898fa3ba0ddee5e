package dev.convoy.driver.trial;

import java.util.Arrays;

/**
 * The mean of some numbers and how sure it is.
 *
 * @param mean of one number that number, bit for bit
 * @param standardError sample standard deviation / √n; 0 for one number
 */
record Spread(double mean, double standardError) {
  static Spread of(double[] values) {
    int count = values.length;
    double mean = count == 1 ? values[0] : Arrays.stream(values).sum() / count;
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return new Spread(mean, count == 1 ? 0 : Math.sqrt(squares / (count - 1) / count));
  }
}
