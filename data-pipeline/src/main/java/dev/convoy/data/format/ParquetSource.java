package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Parquet files with a column of encoded images and one of their classes, whole numbers or texts;
 * or with Spark's columns {@code path} and {@code content}, where the class is the folder. A record
 * number is a row. The driver reads the classes alone, executors the images alone.
 */
record ParquetSource(SourceSettings settings, Configuration hadoop) implements ImageSource {
  static final String WHAT = "a Parquet table";

  private static final String SUFFIX = ".parquet";
  private static final int MOST_NAME_LENGTH = 1000;
  private static final byte[] NONE = {};

  /** Whether a file of that name is one. */
  static boolean isTable(String name) {
    return !Directories.isHidden(name) && name.toLowerCase(Locale.ROOT).endsWith(SUFFIX);
  }

  @Override
  public ListedImages list() throws IOException {
    return list(more -> {});
  }

  @Override
  public ListedImages list(IntConsumer found) throws IOException {
    List<FileStatus> files = files(Locations.path(settings.location()));
    IntStream.Builder fileOf = IntStream.builder();
    IntStream.Builder recordOf = IntStream.builder();
    IntStream.Builder seenOf = IntStream.builder();
    Map<String, Integer> seen = new HashMap<>();
    long size = 0;
    for (int file = 0; file < files.size(); file++) {
      Path path = files.get(file).getPath();
      try (ParquetTable table = new ParquetTable(path, hadoop)) {
        size = requireCountable(size + table.rows(), path);
        ParquetColumns columns = ParquetColumns.of(table.schema(), settings.columns(), path);
        table.read(columns.label());
        for (int row = 0; row < table.rows(); row++) {
          String name = className(table.at(row, columns::className), path, row);
          fileOf.add(file);
          recordOf.add(row);
          seenOf.add(seen.computeIfAbsent(name, any -> seen.size()));
          found.accept(1);
        }
      }
    }
    if (size == 0) {
      throw DataException.cannot(
          "read " + WHAT, "at least one row", "none", settings.location(), "Check the path.");
    }
    ClassNames classes = ClassNames.of(seen);
    Listing listing =
        Listing.of(
            files.stream().map(file -> file.getPath().toString()).toArray(String[]::new),
            fileOf.build().toArray(),
            recordOf.build().toArray(),
            seenOf.build().map(number -> classes.labels()[number]).toArray());
    return new ListedImages(classes.names(), FileVersions.note(listing, files));
  }

  private static String className(Optional<String> value, Path file, int row) {
    String name = value.orElse("");
    if (name.isEmpty() || name.length() > MOST_NAME_LENGTH || name.indexOf('\n') >= 0) {
      throw DataException.cannot(
          "read " + WHAT,
          "a class of one line",
          name.isEmpty() ? "none" : name.length() + " characters",
          file + "#" + row,
          "Correct the row.");
    }
    return name;
  }

  private static long requireCountable(long rows, Path file) {
    if (rows < 0 || rows > Integer.MAX_VALUE - 8) {
      throw DataException.cannot(
          "read " + WHAT, "fewer than two thousand million rows", rows, file, "Take a part of it.");
    }
    return rows;
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    try (OpenTable images = new OpenTable()) {
      new EncodedImages(settings, hadoop).read(part, images::content, sink);
    }
  }

  private List<FileStatus> files(Path place) throws IOException {
    FileStatus status;
    try {
      status = Locations.fileSystem(WHAT, place, hadoop).getFileStatus(place);
    } catch (IOException e) {
      throw Locations.unreachable(WHAT, "a directory, or a Parquet file", place, e);
    }
    if (!status.isDirectory()) {
      return List.of(status);
    }
    List<FileStatus> files =
        Arrays.stream(Directories.list(WHAT, place, hadoop))
            .filter(entry -> entry.isFile() && isTable(entry.getPath().getName()))
            .toList();
    if (files.isEmpty()) {
      throw DataException.cannot(
          "read " + WHAT, "files named *" + SUFFIX, "none", place, "Check the path.");
    }
    RoleFolders.requireOneUse(files, place);
    return files;
  }

  /** The images of one file after the other, read by the thread that asks for them, in order. */
  private final class OpenTable implements AutoCloseable {
    private String file = "";
    private ParquetTable table;

    EncodedImages.Content content(Listing part, int position) throws IOException {
      Path path = Locations.path(part.file(position));
      if (!part.file(position).equals(file)) {
        close();
        table = new ParquetTable(path, hadoop);
        table.read(ParquetColumns.of(table.schema(), settings.columns(), path).image());
        file = part.file(position);
      }
      byte[] bytes =
          table.at(part.record(position), value -> value.getBinary().getBytes()).orElse(NONE);
      return new HeldImage(path, bytes.length, bytes);
    }

    @Override
    public void close() throws IOException {
      file = "";
      if (table != null) {
        table.close();
        table = null;
      }
    }
  }
}
