package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** The source of the format that a place's files have. */
record AutomaticSource(SourceSettings settings, Configuration hadoop) implements ImageSource {
  private static final String WHAT = "images";
  private static final String IMAGE_FOLDER = "image-folder";
  private static final List<String> MANIFEST_SUFFIXES = List.of(".csv", ".tsv", ".txt");
  private static final Pattern SHARD = Pattern.compile(".*" + Pattern.quote(ShardFile.EXTENSION));
  private static final Pattern IDX =
      Pattern.compile("(train|t10k)-(images|labels)[-.]idx[13]-ubyte(\\.gz)?");
  private static final Pattern PARQUET = Pattern.compile("[^._].*\\.parquet");
  private static final Pattern TAR = Pattern.compile("[^._].*\\.tar");
  private static final Pattern CIFAR_10 = Pattern.compile("(data_batch_[1-5]|test_batch)\\.bin");

  @Override
  public ListedImages list() throws IOException {
    return list(more -> {});
  }

  @Override
  public ListedImages list(IntConsumer found) throws IOException {
    return ofFormat(format()).list(found);
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    Path place = Locations.onExecutor(Locations.path(settings.location()), hadoop);
    ofFormat(format(place)).read(part, sink);
  }

  private ImageSource ofFormat(String format) {
    return ImageSources.open(settings.withFormat(format), hadoop);
  }

  /** The format that the location's files have. */
  String format() throws IOException {
    return format(Locations.path(settings.location()));
  }

  private String format(Path place) throws IOException {
    FileStatus status;
    try {
      status = Locations.fileSystem(WHAT, place, hadoop).getFileStatus(place);
    } catch (IOException e) {
      throw Locations.unreachable(WHAT, "a directory, or a CSV file", place, e);
    }
    if (status.isDirectory()) {
      FileStatus[] entries = Directories.list(WHAT, place, hadoop);
      Optional<String> format = ofDirectory(entries);
      if (format.equals(Optional.of(IMAGE_FOLDER))) {
        Optional<DataException> roles = RoleFolders.refusal(folders(entries), place);
        if (roles.isPresent()) {
          throw roles.get();
        }
      }
      return format.orElseThrow(() -> unknown(other(entries.length), place));
    }
    String name = place.getName().toLowerCase(Locale.ROOT);
    if (MANIFEST_SUFFIXES.stream().anyMatch(name::endsWith)) {
      return "manifest";
    }
    if (WebDatasetSource.isTar(name)) {
      return "webdataset";
    }
    if (ParquetSource.isTable(name)) {
      return "parquet";
    }
    throw unknown("a file", place);
  }

  private static Optional<String> ofDirectory(FileStatus[] entries) {
    if (anyFile(entries, SHARD)) {
      return Optional.of("shards");
    }
    if (anyFile(entries, IDX)) {
      return Optional.of("idx");
    }
    if (anyFile(entries, CIFAR_10)) {
      return Optional.of("cifar10-binary");
    }
    if (anyFile(entries, TAR)) {
      return Optional.of("webdataset");
    }
    if (anyFile(entries, PARQUET)) {
      return Optional.of("parquet");
    }
    // Where there are images alone, the source of class folders says what is missing.
    return Arrays.stream(entries).anyMatch(AutomaticSource::isFolderOrImage)
        ? Optional.of(IMAGE_FOLDER)
        : Optional.empty();
  }

  private static List<String> folders(FileStatus[] entries) {
    return Arrays.stream(entries)
        .filter(FileStatus::isDirectory)
        .map(entry -> entry.getPath().getName())
        .filter(name -> !Directories.isHidden(name))
        .toList();
  }

  private static String other(int files) {
    return switch (files) {
      case 0 -> "an empty directory";
      case 1 -> "a directory of 1 other file";
      default -> "a directory of " + files + " other files";
    };
  }

  private static boolean isFolderOrImage(FileStatus entry) {
    return !Directories.isHidden(entry)
        && (entry.isDirectory() || ImageFiles.isImage(entry.getPath().getName()));
  }

  private static boolean anyFile(FileStatus[] entries, Pattern name) {
    return Arrays.stream(entries)
        .anyMatch(entry -> entry.isFile() && name.matcher(entry.getPath().getName()).matches());
  }

  private static DataException unknown(String found, Path place) {
    return DataException.cannot(
        "tell the format of images",
        "one folder per class, the files of MNIST or of the binary CIFAR-10, prepared shards, tar"
            + " files, Parquet, or a CSV file",
        found,
        place,
        "Check the path, or set data.format.");
  }
}
