package dev.convoy.data.format;

import dev.convoy.data.DataException;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** A directory with one folder per class, and image files at any depth within. */
record ImageFolderSource(SourceSettings settings, Configuration hadoop) implements ImageSource {
  private static final String WHAT = "an image folder";

  @Override
  public ListedImages list() throws IOException {
    return list(more -> {});
  }

  @Override
  public ListedImages list(IntConsumer found) throws IOException {
    Path root = Locations.path(settings.location());
    PassedOver passedOver = new PassedOver();
    SortedMap<String, Path> folders = classFolders(root, passedOver);
    ImageFiles images = new ImageFiles(WHAT, hadoop, passedOver, found);
    images.enter(root);
    List<FileStatus> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    int label = 0;
    for (var folder : folders.entrySet()) {
      List<FileStatus> ofClass =
          images.within(folder.getValue(), folder.getKey()).stream()
              .sorted(Directories.BY_PATH)
              .toList();
      if (ofClass.isEmpty()) {
        throw noImages(folder.getKey(), root, passedOver);
      }
      files.addAll(ofClass);
      for (int i = 0; i < ofClass.size(); i++) {
        labels.add(label);
      }
      label++;
    }
    return new ListedImages(
        List.copyOf(folders.keySet()),
        FileVersions.note(
            Listing.ofFiles(
                files.stream().map(file -> file.getPath().toString()).toArray(String[]::new),
                labels.stream().mapToInt(Integer::intValue).toArray()),
            files),
        passedOver.summary());
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    new EncodedImages(settings, hadoop).read(part, sink);
  }

  private SortedMap<String, Path> classFolders(Path root, PassedOver passedOver)
      throws IOException {
    SortedMap<String, Path> folders = new TreeMap<>(Directories.CODE_POINTS);
    for (FileStatus entry : Directories.list(WHAT, root, hadoop)) {
      String name = entry.getPath().getName();
      if (Directories.isHidden(entry)) {
        passedOver.hidden();
      } else if (entry.isDirectory()) {
        folders.put(name, entry.getPath());
      } else if (ImageFiles.isImage(name)) {
        passedOver.outside();
      } else {
        passedOver.file(name);
      }
    }
    Optional<DataException> roles = RoleFolders.refusal(folders.keySet(), root);
    if (roles.isPresent()) {
      throw roles.get();
    }
    if (folders.size() < 2) {
      int images = passedOver.outsideImages();
      throw DataException.cannot(
          "read an image folder",
          "one folder per class and at least two",
          (folders.isEmpty() ? "none" : "only " + folders.firstKey())
              + (images == 0 ? "" : " beside " + images + " images that are in no folder"),
          root,
          "Check that the path is the folder that holds the class folders.");
    }
    return folders;
  }

  private static DataException noImages(String className, Path root, PassedOver passedOver) {
    return DataException.cannot(
        "read an image folder",
        "images (" + Directories.extensions() + ") in every class",
        "none for class "
            + className
            + passedOver.summary().map(summary -> " (" + summary + ")").orElse(""),
        root,
        "Add images or remove the folder.");
  }
}
