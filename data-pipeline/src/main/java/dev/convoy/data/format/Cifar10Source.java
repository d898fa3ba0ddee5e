package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.image.Resampling;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The binary version of CIFAR-10: files of records of one label byte and 3,072 pixel bytes in CHW
 * order, and the class names in {@code batches.meta.txt}.
 */
record Cifar10Source(SourceSettings settings, Configuration hadoop) implements ImageSource {
  private static final int SIDE = 32;
  private static final int CHANNELS = 3;
  private static final int RECORD_BYTES = 1 + CHANNELS * SIDE * SIDE;
  private static final int CLASSES = 10;
  private static final String NAMES_FILE = "batches.meta.txt";

  @Override
  public ListedImages list() throws IOException {
    Path directory = Locations.path(settings.location());
    FileStatus[] entries = Directories.list("CIFAR-10 files", directory, hadoop);
    String pattern = settings.role() == Role.TEST ? "test_batch\\.bin" : "data_batch_[0-9]+\\.bin";
    List<FileStatus> batches =
        Arrays.stream(entries)
            .filter(entry -> entry.isFile() && entry.getPath().getName().matches(pattern))
            .toList();
    if (batches.isEmpty()) {
      throw DataException.cannot(
          "read CIFAR-10 files",
          (settings.role() == Role.TEST ? "test_batch.bin" : "data_batch_1.bin and so on"),
          "none",
          directory,
          "Unpack the binary version there.");
    }
    return new ListedImages(classNames(entries), listing(batches));
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    Containers.read(part, this::open, sink);
  }

  private Listing listing(List<FileStatus> batches) throws IOException {
    int[] counts = batches.stream().mapToInt(Cifar10Source::recordCount).toArray();
    int total = IntStream.of(counts).sum();
    int[] fileOf = new int[total];
    int[] recordOf = new int[total];
    int[] labels = new int[total];
    int next = 0;
    for (int file = 0; file < counts.length; file++) {
      byte[] batchLabels = readLabels(batches.get(file).getPath(), counts[file]);
      for (int record = 0; record < counts[file]; record++) {
        fileOf[next] = file;
        recordOf[next] = record;
        labels[next] = batchLabels[record];
        next++;
      }
    }
    String[] files = batches.stream().map(b -> b.getPath().toString()).toArray(String[]::new);
    return FileVersions.note(Listing.of(files, fileOf, recordOf, labels), batches);
  }

  private static int recordCount(FileStatus batch) {
    long bytes = batch.getLen();
    if (bytes == 0 || bytes % RECORD_BYTES != 0 || bytes / RECORD_BYTES > Integer.MAX_VALUE) {
      throw DataException.cannot(
          "read CIFAR-10 files",
          "records of " + RECORD_BYTES + " bytes",
          bytes + " bytes",
          batch.getPath(),
          "Fetch the file again.");
    }
    return (int) (bytes / RECORD_BYTES);
  }

  private byte[] readLabels(Path file, int count) throws IOException {
    byte[] labels = new byte[count];
    byte[] record = new byte[RECORD_BYTES];
    try (RecordStream stream = RecordStream.open("CIFAR-10 files", file, hadoop)) {
      for (int i = 0; i < count; i++) {
        stream.readFully(record);
        if (record[0] < 0 || record[0] >= CLASSES) {
          throw DataException.cannot(
              "read CIFAR-10 files",
              "labels of 0 to 9",
              (record[0] & 0xff) + " for record " + i,
              file,
              "Check that this is the binary version of CIFAR-10.");
        }
        labels[i] = record[0];
      }
    }
    return labels;
  }

  private List<String> classNames(FileStatus[] entries) throws IOException {
    for (FileStatus entry : entries) {
      if (entry.isFile() && entry.getPath().getName().equals(NAMES_FILE)) {
        return readClassNames(entry.getPath());
      }
    }
    return IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
  }

  private List<String> readClassNames(Path file) throws IOException {
    List<String> names =
        TextFile.read("class names", "a text file", file, hadoop)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    if (names.size() != CLASSES || names.stream().distinct().count() != CLASSES) {
      throw DataException.cannot(
          "read CIFAR-10 files",
          "10 different class names",
          names.size() + " lines",
          file,
          "Fetch the file again or remove it.");
    }
    return names;
  }

  private Containers.Container open(String file) throws IOException {
    RecordStream stream = RecordStream.open("CIFAR-10 files", Locations.path(file), hadoop);
    Resampling resampling = new Resampling(SIDE, SIDE, CHANNELS, settings.store().of(SIDE, SIDE));
    return new RecordContainer(
        stream,
        0,
        new byte[RECORD_BYTES],
        record -> resampling.apply(Arrays.copyOfRange(record, 1, RECORD_BYTES)));
  }
}
