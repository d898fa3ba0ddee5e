package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.Text;
import dev.convoy.data.component.Range;
import dev.convoy.data.component.ValueType;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A CSV file with the columns {@code path} and {@code label}, or other names of theirs that are
 * usual, in either case, separated by commas, semicolons or tabs; perhaps also a column {@code
 * weight}, which says how much an image counts. Relative paths start at the manifest's folder.
 * Labels that are all whole numbers are ordered as numbers, others as text. An image stands in one
 * line. Where numbers are to be learned, their columns are named in the settings, and there need be
 * no column of labels.
 */
record ManifestSource(SourceSettings settings, Configuration hadoop) implements ImageSource {
  private static final String WHAT = "a manifest";
  private static final String DELIMITERS = ",;\t";

  /** The names of the columns, without case, blanks, lines and underlines. */
  private static final Set<String> PATH_NAMES =
      Set.of("path", "file", "filename", "filepath", "image", "imagepath", "imagefile");

  private static final Set<String> LABEL_NAMES =
      Set.of("label", "class", "classname", "category", "target");

  private static final String LABEL = "label";
  private static final String WEIGHT = "weight";
  private static final ValueType<Double> WEIGHT_TYPE = ValueType.number(Range.closed(0, 1e6));

  private static final ValueType<Double> NUMBER = ValueType.number(Range.closed(-1e30, 1e30));

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
          .setSkipHeaderRecord(true)
          .setIgnoreEmptyLines(true)
          .setIgnoreSurroundingSpaces(true)
          .build();

  @Override
  public ListedImages list() throws IOException {
    return list(more -> {});
  }

  @Override
  public ListedImages list(IntConsumer found) throws IOException {
    Path manifest = Locations.path(settings.location());
    Lines lines = parse(manifest, TextFile.read(WHAT, "a CSV file", manifest, hadoop), found);
    if (lines.files.isEmpty()) {
      throw DataException.cannot(
          "read a manifest", "at least one image", "none", manifest, "Add one line per image.");
    }
    List<String> classNames =
        isOfNumbers() ? settings.columns().numbers() : classNames(lines.labels);
    Listing listing =
        FileVersions.find(
                "images",
                Listing.ofFiles(lines.files.toArray(String[]::new), labels(lines, classNames)),
                hadoop)
            .withWeights(floats(lines.weights));
    return new ListedImages(
        classNames, isOfNumbers() ? listing.withNumbers(floats(lines.numbers)) : listing);
  }

  private boolean isOfNumbers() {
    return !settings.columns().numbers().isEmpty();
  }

  /** Images with numbers are all of one class. */
  private int[] labels(Lines lines, List<String> classNames) {
    if (isOfNumbers()) {
      return new int[lines.files.size()];
    }
    Map<String, Integer> labelOf = new HashMap<>();
    for (String name : classNames) {
      labelOf.put(name, labelOf.size());
    }
    return lines.labels.stream().mapToInt(labelOf::get).toArray();
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    new EncodedImages(settings, hadoop).read(part, sink);
  }

  private Lines parse(Path manifest, String text, IntConsumer found) throws IOException {
    Lines lines = new Lines(manifest, Locations.fileSystem(WHAT, manifest, hadoop));
    CSVFormat format = FORMAT.builder().setDelimiter(delimiter(text)).build();
    try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
      List<String> header = parser.getHeaderNames();
      int path = column(manifest, header, PATH_NAMES);
      int label = isOfNumbers() ? -1 : column(manifest, header, LABEL_NAMES);
      List<Integer> numbers = numberColumns(manifest, header);
      int weight = header.stream().map(ManifestSource::plain).toList().indexOf(WEIGHT);
      for (CSVRecord record : parser) {
        long line = parser.getCurrentLineNumber();
        if (!record.isConsistent()) {
          throw wrongLine(manifest, line, header.size() + " values", record.size() + " values");
        }
        lines.add(
            line,
            requireText(manifest, line, "path", record.get(path)),
            label < 0 ? "" : requireText(manifest, line, LABEL, record.get(label)),
            weight < 0 ? 1 : weight(manifest, line, record.get(weight)));
        found.accept(1);
        for (int number : numbers) {
          lines.numbers.add(number(manifest, line, header.get(number), record.get(number)));
        }
      }
      return lines;
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      // The text is in memory: only its own mistakes end up here.
      throw DataException.cannot(
          "read a manifest",
          "comma-separated values",
          "a mistake (" + e.getMessage() + ")",
          manifest,
          "Correct the line.",
          e);
    }
  }

  /** The first line's: the one of the usual delimiters that stands there most often. */
  private static String delimiter(String text) {
    String header = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    return DELIMITERS
        .chars()
        .boxed()
        .max(Comparator.comparing(sign -> header.chars().filter(sign::equals).count()))
        .map(Character::toString)
        .orElseThrow();
  }

  private static int column(Path manifest, List<String> header, Set<String> names) {
    List<Integer> found =
        IntStream.range(0, header.size())
            .filter(i -> names.contains(plain(header.get(i))))
            .boxed()
            .toList();
    if (found.size() == 1) {
      return found.get(0);
    }
    throw wrongLine(
        manifest,
        1,
        found.isEmpty()
            ? "the columns path and label"
            : "one column for the path and one for the label",
        String.join(",", header));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
  }

  private static String requireText(Path manifest, long line, String column, String value) {
    if (value.isEmpty()) {
      throw wrongLine(manifest, line, "a " + column, "nothing");
    }
    if (column.equals(LABEL) && (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0)) {
      throw wrongLine(manifest, line, "a label of one line", value.lines().toList().toString());
    }
    return value;
  }

  private static double weight(Path manifest, long line, String value) {
    return WEIGHT_TYPE
        .read(value, new ArrayList<>())
        .orElseThrow(
            () -> wrongLine(manifest, line, WEIGHT_TYPE.expected() + " for the weight", value));
  }

  /** Where the columns of numbers are, in the order of the settings. */
  private List<Integer> numberColumns(Path manifest, List<String> header) {
    List<Integer> columns = new ArrayList<>();
    for (String name : settings.columns().numbers()) {
      int column = header.indexOf(name);
      if (column < 0) {
        throw wrongLine(manifest, 1, "the column " + name, String.join(",", header));
      }
      columns.add(column);
    }
    return columns;
  }

  private static double number(Path manifest, long line, String column, String value) {
    return NUMBER
        .read(value, new ArrayList<>())
        .filter(number -> Float.isFinite((float) (double) number))
        .orElseThrow(
            () ->
                wrongLine(
                    manifest, line, "a number for " + column, value.isEmpty() ? "nothing" : value));
  }

  private static List<String> classNames(List<String> labels) {
    boolean numbers = labels.stream().allMatch(label -> label.matches("[+-]?[0-9]+"));
    Comparator<String> order =
        numbers
            ? Comparator.comparing((String label) -> new BigInteger(label))
                .thenComparing(Directories.CODE_POINTS)
            : Directories.CODE_POINTS;
    return labels.stream().distinct().sorted(order).toList();
  }

  private static DataException wrongLine(Path manifest, long line, String expected, String found) {
    return DataException.cannot(
        "read a manifest", expected + " in line " + line, found, manifest, "Correct the line.");
  }

  /** The images that the lines name, each of them once. */
  private static final class Lines {
    private final Path manifest;
    private final FileSystem system;
    private final List<String> files = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private final List<Double> weights = new ArrayList<>();
    private final List<Double> numbers = new ArrayList<>();
    private final List<Long> lineNumbers = new ArrayList<>();
    private final Map<Path, Integer> positionOf = new HashMap<>();

    Lines(Path manifest, FileSystem system) {
      this.manifest = manifest;
      this.system = system;
    }

    void add(long line, String file, String label, double weight) {
      Path path = Locations.resolve(manifest.getParent(), file);
      Path whole =
          path.toUri().getScheme() == null
              ? path.makeQualified(system.getUri(), system.getWorkingDirectory())
              : path;
      Integer before = positionOf.putIfAbsent(whole, files.size());
      if (before != null) {
        throw wrongLine(
            manifest,
            line,
            "an image that no other line names",
            label.isEmpty()
                ? Text.of("%s, which line %d names", file, lineNumbers.get(before))
                : Text.of(
                    "%s of class %s, which line %d names as of class %s",
                    file, label, lineNumbers.get(before), labels.get(before)));
      }
      files.add(path.toString());
      labels.add(label);
      weights.add(weight);
      lineNumbers.add(line);
    }
  }
}
