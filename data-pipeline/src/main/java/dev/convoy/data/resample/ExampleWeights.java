package dev.convoy.data.resample;

import dev.convoy.data.DataException;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.format.Locations;
import dev.convoy.data.format.TextFile;
import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * How much each example weighs: how likely it is drawn, in proportion, or how much it counts in the
 * loss. Driver only.
 */
public final class ExampleWeights {
  /** Stands for weights with which all classes are alike. */
  public static final String BALANCED = "balanced";

  private static final String WHAT = "weights of images";
  private static final String PATH = "path";
  private static final String CLASS = "class";
  private static final String WEIGHT = "weight";
  private static final ValueType<Double> WEIGHT_TYPE = ValueType.number(Range.closed(0, 1e6));
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreSurroundingSpaces(true)
          .build();

  private ExampleWeights() {}

  /**
   * Weights by position, from {@link #BALANCED} or a CSV file with the columns {@code path} and
   * {@code weight}, or {@code class} and {@code weight}. Relative paths start at the file's folder;
   * one of several examples in a file is {@code path#7}. What the file does not name weighs 1.
   *
   * @param where {@link #BALANCED}, or the file's location
   * @param classNames in the order of the labels
   * @throws DataException if the file cannot be read, names anything twice or nothing of the
   *     examples, or leaves no weight above 0
   */
  public static double[] of(
      String where, Listing examples, List<String> classNames, Configuration hadoop) {
    return where.equals(BALANCED)
        ? balanced(examples, classNames.size())
        : read(where, examples, classNames, hadoop);
  }

  /**
   * The examples with weights whose mean is 1, so that they change the learning rate of none but
   * each other: those that they have, times others.
   *
   * @param others by position
   * @throws DataException if no weight is above 0
   */
  public static Listing weighted(Listing examples, double[] others) {
    double sum = 0;
    for (int i = 0; i < others.length; i++) {
      sum += examples.weight(i) * others[i];
    }
    if (!(sum > 0)) {
      throw new DataException(
          "Cannot use weights of images: expected one above 0 among the training images, found"
              + " none.");
    }
    float[] scaled = new float[others.length];
    for (int i = 0; i < others.length; i++) {
      scaled[i] = (float) (examples.weight(i) * others[i] * others.length / sum);
    }
    return examples.withWeights(scaled);
  }

  private static double[] balanced(Listing examples, int classes) {
    long[] counts = examples.classCounts(classes);
    double[] weights = new double[examples.size()];
    Arrays.setAll(weights, i -> 1.0 / counts[examples.label(i)]);
    return weights;
  }

  private static double[] read(
      String location, Listing examples, List<String> classNames, Configuration hadoop) {
    Path file;
    try {
      file = Locations.path(location);
    } catch (IllegalArgumentException e) {
      throw new DataException("Cannot use weights of images: " + e.getMessage() + ".", e);
    }
    NamedWeights named = read(file, hadoop);
    double[] weights = new double[examples.size()];
    int found = 0;
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      Double weight =
          named.weights.get(
              named.ofClasses
                  ? classNames.get(examples.label(i))
                  : wholePath(Locations.path(examples.location(i)), hadoop));
      found += weight == null ? 0 : 1;
      weights[i] = weight == null ? 1 : weight;
      sum += weights[i];
    }
    if (found == 0) {
      throw unusable(
          file,
          named.ofClasses ? "names of classes" : "paths of training images",
          "none, where the first is "
              + (named.ofClasses ? classNames.get(0) : examples.location(0)));
    }
    if (!(sum > 0)) {
      throw unusable(file, "a weight above 0", "none");
    }
    return weights;
  }

  /** Weights by the names of classes, or by whole paths without their schemes. */
  private record NamedWeights(boolean ofClasses, Map<String, Double> weights) {}

  private static NamedWeights read(Path file, Configuration hadoop) {
    Map<String, Double> weights = new HashMap<>();
    try (CSVParser parser =
        CSVParser.parse(
            new StringReader(TextFile.read(WHAT, "a CSV file", file, hadoop)), FORMAT)) {
      List<String> header = parser.getHeaderNames();
      boolean ofClasses = header.contains(CLASS);
      if (!header.contains(WEIGHT) || ofClasses == header.contains(PATH)) {
        throw unusable(file, "the columns path and weight, or class and weight", header.toString());
      }
      for (CSVRecord record : parser) {
        if (!record.isConsistent()) {
          throw unusable(
              file, "two values in line " + parser.getCurrentLineNumber(), record.size() + "");
        }
        String name = record.get(ofClasses ? CLASS : PATH);
        long line = parser.getCurrentLineNumber();
        Double before =
            weights.put(
                ofClasses ? name : wholePath(Locations.resolve(file.getParent(), name), hadoop),
                weight(file, record.get(WEIGHT), name, line));
        if (before != null) {
          throw unusable(
              file,
              ofClasses ? "every class once" : "every path once",
              name + " again in line " + line);
        }
      }
      return new NamedWeights(ofClasses, weights);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw unusable(file, "a CSV file", String.valueOf(e.getMessage()));
    }
  }

  /** Without the scheme and the host, and not relative to where this process was started. */
  private static String wholePath(Path path, Configuration hadoop) {
    try {
      Path whole =
          path.isAbsolute() ? path : Locations.fileSystem(WHAT, path, hadoop).makeQualified(path);
      return whole.toUri().getPath();
    } catch (IOException e) {
      throw new DataException("Cannot use weights of images: " + e.getMessage() + ".", e);
    }
  }

  private static double weight(Path file, String value, String name, long line) {
    return WEIGHT_TYPE
        .read(value, new ArrayList<>())
        .orElseThrow(
            () ->
                unusable(
                    file,
                    WEIGHT_TYPE.expected() + " for the weight in line " + line,
                    value + " for " + name));
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
