package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.Picture;
import dev.convoy.data.format.ShardManifest.Part;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * One role's folder of a prepared directory: the shard files that its {@link ShardManifest} names.
 * Other files do not count.
 */
record ShardsSource(SourceSettings settings, Configuration hadoop) implements ImageSource {
  private static final String PREPARE_AGAIN = "Prepare the images again.";

  @Override
  public ListedImages list() throws IOException {
    return list(more -> {});
  }

  @Override
  public ListedImages list(IntConsumer found) throws IOException {
    Path folder = Locations.path(settings.location());
    FileStatus[] entries = Directories.list("prepared images", folder, hadoop);
    ShardManifest manifest = manifest(folder, entries);
    int size = Math.toIntExact(manifest.examples());
    int[] fileOf = new int[size];
    int[] recordOf = new int[size];
    int[] labels = new int[size];
    float[] weights = new float[size];
    int next = 0;
    List<String> files = new ArrayList<>();
    for (Part part : manifest.parts()) {
      try (ShardFile file = open(Locations.child(folder, part.name()), manifest)) {
        int[] fileLabels = file.labels();
        float[] fileWeights = file.weights();
        for (int record = 0; record < fileLabels.length; record++) {
          fileOf[next] = files.size();
          recordOf[next] = record;
          weights[next] = fileWeights[record];
          labels[next++] = fileLabels[record];
        }
      }
      files.add(Locations.child(folder, part.name()).toString());
      found.accept(part.examples());
    }
    return new ListedImages(
        manifest.classNames(),
        Listing.of(files.toArray(String[]::new), fileOf, recordOf, labels)
            .withVersions(
                manifest.parts().stream().mapToLong(Part::checksum).toArray(),
                new long[files.size()])
            .withWeights(weights));
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    Path folder = onExecutor(settings.location());
    ShardManifest manifest = manifest(folder, new FileStatus[0]);
    Containers.read(part, file -> new Container(open(onExecutor(file), manifest)), sink);
  }

  private Path onExecutor(String place) {
    return Locations.onExecutor(Locations.path(place), hadoop);
  }

  private ShardManifest manifest(Path folder, FileStatus[] entries) throws IOException {
    ShardManifest manifest =
        ShardManifest.read(folder, hadoop)
            .orElseThrow(
                () ->
                    wrong(
                        ShardManifest.FILE_NAME,
                        "none",
                        folder,
                        Arrays.stream(entries)
                                .anyMatch(entry -> isShardFile(entry.getPath().getName()))
                            ? "Preparing it was interrupted, or it was prepared by an earlier"
                                + " version: prepare the images again."
                            : "Name the folder of one role, such as train."));
    if (!manifest.complete()) {
      throw wrong(
          "all parts",
          "an incomplete set",
          folder,
          "Preparing it was interrupted: give the same command again.");
    }
    return manifest;
  }

  private static boolean isShardFile(String name) {
    return name.endsWith(ShardFile.EXTENSION);
  }

  /** Opens a shard file and checks that it is the one that the manifest names. */
  private ShardFile open(Path file, ShardManifest manifest) throws IOException {
    Part part =
        manifest
            .part(file.getName())
            .orElseThrow(
                () ->
                    wrong(
                        "the files that it held when they were listed",
                        "others",
                        file,
                        "Wait until preparing has ended, then start again."));
    if (!manifest.store().keepsTheSameAs(settings.store())) {
      throw wrong(
          "images of " + settings.store(),
          manifest.store().toString(),
          file,
          "Set data.image and data.store to that or prepare the images again.");
    }
    ShardFile opened = ShardFile.open(file, hadoop);
    boolean same = false;
    try {
      requireEqual("length", part.bytes(), opened.fileBytes(), file);
      requireEqual("checksum", part.checksum(), opened.checksum(), file);
      requireEqual("images", part.examples(), opened.size(), file);
      requireEqual("classes", manifest.classes().size(), opened.classCount(), file);
      for (int record = 0; record < opened.size(); record++) {
        if (!manifest.store().fits(opened.shape(record))) {
          throw wrong(
              "images of " + manifest.store(),
              opened.shape(record).toString(),
              file,
              PREPARE_AGAIN);
        }
      }
      same = true;
      return opened;
    } finally {
      if (!same) {
        opened.close();
      }
    }
  }

  private static void requireEqual(String what, long expected, long found, Path file) {
    if (found != expected) {
      throw wrong(
          "the " + what + " of " + ShardManifest.FILE_NAME + ", " + expected,
          Long.toString(found),
          file,
          PREPARE_AGAIN);
    }
  }

  private static DataException wrong(String expected, String found, Path where, String remedy) {
    return DataException.cannot("read prepared images", expected, found, where, remedy);
  }

  /** A shard file that remembers the record it read last. */
  private static final class Container implements Containers.Container {
    private final ShardFile file;
    private Picture picture;
    private int current = -1;

    Container(ShardFile file) {
      this.file = file;
    }

    @Override
    public Picture picture(int record) throws IOException {
      if (record != current) {
        picture = file.read(record);
        current = record;
      }
      return picture;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
