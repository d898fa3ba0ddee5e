package dev.convoy.data.resample;

import dev.convoy.data.DataException;
import dev.convoy.data.format.Locations;
import dev.convoy.data.format.TextFile;
import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** How likely each example is drawn, in proportion. Driver only. */
public final class ExampleWeights {
  private static final String PATH = "path";
  private static final String WEIGHT = "weight";
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreSurroundingSpaces(true)
          .build();

  private ExampleWeights() {}

  /** Weights with which every class is as likely as any other, by position. */
  public static double[] balanced(Listing examples) {
    int classes = 0;
    for (int i = 0; i < examples.size(); i++) {
      classes = Math.max(classes, examples.label(i) + 1);
    }
    int[] counts = new int[classes];
    for (int i = 0; i < examples.size(); i++) {
      counts[examples.label(i)]++;
    }
    double[] weights = new double[examples.size()];
    Arrays.setAll(weights, i -> 1.0 / counts[examples.label(i)]);
    return weights;
  }

  /**
   * Weights from a CSV file with the columns {@code path} and {@code weight}. Relative paths start
   * at the file's folder; one of several examples in a file is {@code path#7}.
   *
   * @return weights by position, 1 for examples that the file does not name
   * @throws DataException if it cannot be read, names none of the examples, or leaves no weight
   *     above 0
   */
  public static double[] read(String location, Listing examples, Configuration hadoop) {
    Path file;
    try {
      file = Locations.path(location);
    } catch (IllegalArgumentException e) {
      throw new DataException("Cannot use weights of images: " + e.getMessage() + ".", e);
    }
    Map<String, Double> named = read(file, hadoop);
    double[] weights = new double[examples.size()];
    int found = 0;
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      Double weight = named.get(withoutScheme(Locations.path(examples.location(i))));
      found += weight == null ? 0 : 1;
      weights[i] = weight == null ? 1 : weight;
      sum += weights[i];
    }
    if (found == 0) {
      throw unusable(
          file, "paths of training images", "none, where the first is " + examples.location(0));
    }
    if (!(sum > 0)) {
      throw unusable(file, "a weight above 0", "none");
    }
    return weights;
  }

  private static Map<String, Double> read(Path file, Configuration hadoop) {
    Map<String, Double> weights = new HashMap<>();
    try (CSVParser parser =
        CSVParser.parse(
            new StringReader(TextFile.read("weights of images", "a CSV file", file, hadoop)),
            FORMAT)) {
      if (!parser.getHeaderNames().containsAll(List.of(PATH, WEIGHT))) {
        throw unusable(file, "the columns path and weight", parser.getHeaderNames().toString());
      }
      for (CSVRecord record : parser) {
        if (!record.isConsistent()) {
          throw unusable(
              file, "two values in line " + parser.getCurrentLineNumber(), record.size() + "");
        }
        Path path = Locations.resolve(file.getParent(), record.get(PATH));
        weights.put(withoutScheme(path), weight(file, record));
      }
      return weights;
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw unusable(file, "a CSV file", String.valueOf(e.getMessage()));
    }
  }

  private static String withoutScheme(Path path) {
    return path.toUri().getPath();
  }

  private static double weight(Path file, CSVRecord record) {
    try {
      double weight = Double.parseDouble(record.get(WEIGHT));
      if (weight >= 0 && Double.isFinite(weight)) {
        return weight;
      }
    } catch (NumberFormatException e) {
      // falls through to the problem
    }
    throw unusable(file, "numbers of at least 0", record.get(WEIGHT) + " for " + record.get(PATH));
  }

  private static DataException unusable(Path file, String expected, String found) {
    return new DataException(
        "Cannot use weights of images: expected "
            + expected
            + ", found "
            + found
            + ", in "
            + file
            + ".");
  }
}
