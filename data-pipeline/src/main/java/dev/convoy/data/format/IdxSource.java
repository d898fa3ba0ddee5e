package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.Text;
import dev.convoy.data.image.Resampling;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The format of MNIST: a directory with one file of grey images and one of labels for training, and
 * two more for testing, gzipped or not.
 */
record IdxSource(SourceSettings settings, Configuration hadoop) implements ImageSource {
  private static final int UNSIGNED_BYTE = 0x08;
  private static final int IMAGE_DIMENSIONS = 3;
  private static final int LABEL_DIMENSIONS = 1;

  @Override
  public ListedImages list() throws IOException {
    Path directory = Locations.path(settings.location());
    FileStatus[] entries = Directories.list("IDX files", directory, hadoop);
    String prefix = settings.role() == Role.TEST ? "t10k" : "train";
    Path imagesFile = find(entries, directory, prefix + "-images", IMAGE_DIMENSIONS);
    Path labelsFile = find(entries, directory, prefix + "-labels", LABEL_DIMENSIONS);
    int images = countImages(imagesFile);
    int[] labels = readLabels(labelsFile);
    if (labels.length != images) {
      throw DataException.cannot(
          "read IDX files",
          "one label per image, that is " + images,
          labels.length,
          labelsFile,
          "Check that both files belong together.");
    }
    int classes = 1 + Arrays.stream(labels).max().orElse(0);
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    return new ListedImages(
        names,
        FileVersions.note(
            Listing.ofRecords(imagesFile.toString(), labels),
            List.of(imagesFile.getFileSystem(hadoop).getFileStatus(imagesFile))));
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    Containers.read(part, this::openImages, sink);
  }

  private static Path find(FileStatus[] entries, Path directory, String stem, int dimensions) {
    String ending = "idx" + dimensions + "-ubyte";
    List<String> names =
        List.of(
            stem + "-" + ending,
            stem + "." + ending,
            stem + "-" + ending + ".gz",
            stem + "." + ending + ".gz");
    for (String name : names) {
      for (FileStatus entry : entries) {
        if (entry.isFile() && entry.getPath().getName().equals(name)) {
          return entry.getPath();
        }
      }
    }
    throw DataException.cannot(
        "read IDX files",
        "a file " + names.get(0) + " or " + names.get(2),
        "none",
        directory,
        "Put the four MNIST-named files there.");
  }

  private int countImages(Path file) throws IOException {
    try (RecordStream stream = RecordStream.open("IDX images", file, hadoop)) {
      int[] sizes = readHeader(stream, file, IMAGE_DIMENSIONS);
      stream.requireLength(headerBytes(IMAGE_DIMENSIONS) + (long) sizes[0] * sizes[1] * sizes[2]);
      return sizes[0];
    }
  }

  private int[] readLabels(Path file) throws IOException {
    try (RecordStream stream = RecordStream.open("IDX labels", file, hadoop)) {
      int count = readHeader(stream, file, LABEL_DIMENSIONS)[0];
      byte[] values = stream.readToEnd(headerBytes(LABEL_DIMENSIONS) + (long) count);
      int[] labels = new int[values.length];
      Arrays.setAll(labels, i -> values[i] & 0xff);
      return labels;
    }
  }

  private Containers.Container openImages(String file) throws IOException {
    Path path = Locations.path(file);
    RecordStream stream = RecordStream.open("IDX images", path, hadoop);
    boolean opened = false;
    try {
      int[] sizes = readHeader(stream, path, IMAGE_DIMENSIONS);
      Resampling resampling =
          new Resampling(sizes[1], sizes[2], 1, settings.store().of(sizes[1], sizes[2]));
      byte[] record = new byte[sizes[1] * sizes[2]];
      opened = true;
      return new RecordContainer(stream, headerBytes(IMAGE_DIMENSIONS), record, resampling::apply);
    } finally {
      if (!opened) {
        stream.close();
      }
    }
  }

  /** Reads and checks the magic number; returns the sizes of the dimensions. */
  private static int[] readHeader(RecordStream stream, Path file, int dimensions)
      throws IOException {
    int expected = (UNSIGNED_BYTE << 8) | dimensions;
    int magic = readInts(stream, 1)[0];
    if (magic != expected) {
      throw new DataException(
          Text.of(
              "Cannot read IDX %s: expected the magic number 0x%08x (unsigned bytes, %d"
                  + " dimensions), found 0x%08x, in %s. Check that the file is what its name says.",
              dimensions == IMAGE_DIMENSIONS ? "images" : "labels",
              expected,
              dimensions,
              magic,
              file));
    }
    int[] sizes = readInts(stream, dimensions);
    requireSizes(sizes, file);
    return sizes;
  }

  private static int[] readInts(RecordStream stream, int count) throws IOException {
    byte[] bytes = new byte[count * Integer.BYTES];
    stream.readFully(bytes);
    int[] values = new int[count];
    ByteBuffer.wrap(bytes).asIntBuffer().get(values);
    return values;
  }

  private static void requireSizes(int[] sizes, Path file) {
    boolean valid = sizes[0] >= 1;
    for (int i = 1; i < sizes.length; i++) {
      valid &= sizes[i] >= 1 && sizes[i] <= ImageShape.MAX_SIDE;
    }
    if (!valid) {
      throw DataException.cannot(
          "read IDX files",
          "at least one example and sides of 1 to " + ImageShape.MAX_SIDE,
          "sizes " + Arrays.toString(sizes),
          file,
          "Fetch the file again.");
    }
  }

  private static int headerBytes(int dimensions) {
    return Integer.BYTES * (1 + dimensions);
  }
}
