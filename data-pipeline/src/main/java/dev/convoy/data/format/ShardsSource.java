package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** One role's folder of a prepared directory: shard files and {@code labels.txt}. */
final class ShardsSource implements ImageSource {
  private final SourceSettings settings;
  private final Configuration hadoop;

  ShardsSource(SourceSettings settings, Configuration hadoop) {
    this.settings = settings;
    this.hadoop = hadoop;
  }

  @Override
  public ListedImages list() throws IOException {
    Path directory = new Path(settings.location());
    FileStatus[] entries = Directories.list("prepared shards", directory, hadoop);
    List<String> names = classNames(entries, directory);
    List<String> files = new ArrayList<>();
    IntStream.Builder fileOf = IntStream.builder();
    IntStream.Builder recordOf = IntStream.builder();
    IntStream.Builder labels = IntStream.builder();
    for (FileStatus entry : entries) {
      String name = entry.getPath().getName();
      if (!entry.isFile() || Directories.isHidden(name) || !name.endsWith(ShardFile.EXTENSION)) {
        continue;
      }
      int[] fileLabels = labels(entry.getPath(), names.size());
      for (int record = 0; record < fileLabels.length; record++) {
        fileOf.add(files.size());
        recordOf.add(record);
        labels.add(fileLabels[record]);
      }
      files.add(entry.getPath().toString());
    }
    if (files.isEmpty()) {
      throw new DataException(
          "Cannot read prepared shards: expected files that end in "
              + ShardFile.EXTENSION
              + ", found none, in "
              + directory
              + ". Name the folder of one role, such as train.");
    }
    return new ListedImages(
        names,
        Listing.of(
            files.toArray(String[]::new),
            fileOf.build().toArray(),
            recordOf.build().toArray(),
            labels.build().toArray()));
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    new Containers(file -> new Container(open(new Path(file))), settings.shape()).read(part, sink);
  }

  private List<String> classNames(FileStatus[] entries, Path directory) throws IOException {
    Path file =
        Arrays.stream(entries)
            .map(FileStatus::getPath)
            .filter(path -> path.getName().equals(ClassNames.FILE_NAME))
            .findFirst()
            .orElseThrow(
                () ->
                    new DataException(
                        "Cannot read prepared shards: expected "
                            + ClassNames.FILE_NAME
                            + ", found none, in "
                            + directory
                            + ". Prepare the data again."));
    try (InputStream in = file.getFileSystem(hadoop).open(file)) {
      return ClassNames.read(in);
    }
  }

  private int[] labels(Path file, int classes) throws IOException {
    try (ShardFile shard = open(file)) {
      if (shard.classCount() != classes) {
        throw new DataException(
            "Cannot read prepared shards: expected the "
                + classes
                + " classes of "
                + ClassNames.FILE_NAME
                + ", found "
                + shard.classCount()
                + ", in "
                + file
                + ". Prepare the data again.");
      }
      return shard.labels();
    }
  }

  private ShardFile open(Path file) throws IOException {
    ShardFile shard = ShardFile.open(file, hadoop);
    if (!shard.shape().equals(settings.shape())) {
      shard.close();
      throw new DataException(
          "Cannot read prepared shards: expected images of "
              + settings.shape()
              + ", found "
              + shard.shape()
              + ", in "
              + file
              + ". Set data.image to that shape or prepare the data again.");
    }
    return shard;
  }

  /** A shard file that remembers the record it read last. */
  private static final class Container implements Containers.Container {
    private final ShardFile file;
    private final byte[] pixels;
    private int current = -1;

    Container(ShardFile file) {
      this.file = file;
      this.pixels = new byte[file.shape().size()];
    }

    @Override
    public byte[] pixels(int record) throws IOException {
      if (record != current) {
        file.read(record, pixels);
        current = record;
      }
      return pixels;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
