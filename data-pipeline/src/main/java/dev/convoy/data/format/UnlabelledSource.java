package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** A directory with image files at any depth, or one file, of which no class is known. */
record UnlabelledSource(SourceSettings settings, Configuration hadoop) implements ImageSource {
  private static final String WHAT = "images";
  private static final String CLASS = "unknown";

  @Override
  public ListedImages list() throws IOException {
    return list(more -> {});
  }

  @Override
  public ListedImages list(IntConsumer found) throws IOException {
    Path root = Locations.path(settings.location());
    FileStatus status = status(root);
    if (!status.isDirectory()) {
      return one(status.getPath());
    }
    PassedOver passedOver = new PassedOver();
    List<String> files =
        new ImageFiles(WHAT, hadoop, passedOver, found)
            .within(root, CLASS).stream()
                .map(image -> image.getPath().toString())
                .sorted(Directories.CODE_POINTS)
                .toList();
    if (files.isEmpty()) {
      throw DataException.cannot(
          "read images",
          "files that end in one of " + Directories.extensions(),
          "none" + passedOver.summary().map(summary -> " (" + summary + ")").orElse(""),
          root,
          "Check the path.");
    }
    return new ListedImages(
        List.of(CLASS),
        Listing.ofFiles(files.toArray(String[]::new), new int[files.size()]),
        passedOver.summary());
  }

  private FileStatus status(Path root) throws IOException {
    try {
      return Locations.fileSystem(WHAT, root, hadoop).getFileStatus(root);
    } catch (IOException e) {
      throw Locations.unreachable(WHAT, "a directory or an image", root, e);
    }
  }

  private static ListedImages one(Path file) {
    if (!ImageFiles.isImage(file.getName())) {
      throw DataException.cannot(
          "read images",
          "a directory, or a file that ends in one of " + Directories.extensions(),
          "another file",
          file,
          "Check the path.");
    }
    return new ListedImages(
        List.of(CLASS),
        Listing.ofFiles(new String[] {file.toString()}, new int[1]),
        Optional.empty());
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    new EncodedImages(settings, hadoop).read(part, sink);
  }
}
