package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.SourceSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A CSV file with the columns {@code path} and {@code label}. Relative paths start at the
 * manifest's folder. Labels that are all whole numbers are ordered as numbers, others as text.
 */
final class ManifestSource implements ImageSource {
  private static final String PATH = "path";
  private static final String LABEL = "label";
  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setHeader()
          .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
          .setSkipHeaderRecord(true)
          .setIgnoreEmptyLines(true)
          .setTrim(true)
          .build();

  private final SourceSettings settings;
  private final Configuration hadoop;

  ManifestSource(SourceSettings settings, Configuration hadoop) {
    this.settings = settings;
    this.hadoop = hadoop;
  }

  @Override
  public ListedImages list() throws IOException {
    Path manifest = new Path(settings.location());
    List<String> files = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    parse(manifest, readText(manifest), files, labels);
    if (files.isEmpty()) {
      throw new DataException(
          "Cannot read a manifest: expected at least one image, found none, in "
              + manifest
              + ". Add one line per image.");
    }
    List<String> classNames = classNames(labels);
    Map<String, Integer> labelOf = new HashMap<>();
    for (String name : classNames) {
      labelOf.put(name, labelOf.size());
    }
    return new ListedImages(
        classNames,
        Listing.ofFiles(
            files.toArray(String[]::new), labels.stream().mapToInt(labelOf::get).toArray()));
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    new EncodedImages(settings, hadoop).read(part, sink);
  }

  private String readText(Path manifest) throws IOException {
    FileSystem files = manifest.getFileSystem(hadoop);
    try {
      if (!files.getFileStatus(manifest).isFile()) {
        throw new DataException(
            "Cannot read a manifest: expected a CSV file, found a directory, in "
                + manifest
                + ". Name the file itself.");
      }
      try (InputStream in = files.open(manifest)) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
      }
    } catch (FileNotFoundException e) {
      throw new DataException(
          "Cannot read a manifest: expected a CSV file, found nothing, in "
              + manifest
              + ". Check the path.",
          e);
    }
  }

  private static void parse(Path manifest, String text, List<String> files, List<String> labels) {
    try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
      List<String> header = parser.getHeaderNames();
      if (!header.contains(PATH) || !header.contains(LABEL)) {
        throw wrongLine(manifest, 1, "the columns path and label", String.join(",", header));
      }
      for (CSVRecord record : parser) {
        long line = parser.getCurrentLineNumber();
        if (!record.isConsistent()) {
          throw wrongLine(manifest, line, header.size() + " values", record.size() + " values");
        }
        files.add(resolve(manifest, line, requireText(manifest, line, record, PATH)));
        labels.add(requireText(manifest, line, record, LABEL));
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      // The text is in memory: only its own mistakes end up here.
      throw new DataException(
          "Cannot read a manifest: expected comma-separated values, found a mistake ("
              + e.getMessage()
              + "), in "
              + manifest
              + ". Correct the line.",
          e);
    }
  }

  private static String requireText(Path manifest, long line, CSVRecord record, String column) {
    String value = record.get(column);
    if (value.isEmpty()) {
      throw wrongLine(manifest, line, "a " + column, "nothing");
    }
    return value;
  }

  private static String resolve(Path manifest, long line, String file) {
    try {
      Path folder = manifest.getParent();
      return (folder == null ? new Path(file) : new Path(folder, file)).toString();
    } catch (IllegalArgumentException e) {
      DataException wrong = wrongLine(manifest, line, "a path", file);
      wrong.initCause(e);
      throw wrong;
    }
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
    return new DataException(
        "Cannot read a manifest: expected "
            + expected
            + " in line "
            + line
            + ", found "
            + found
            + ", in "
            + manifest
            + ". Correct the line.");
  }
}
