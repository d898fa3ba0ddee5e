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
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** A directory with one folder per class, and image files at any depth within. */
final class ImageFolderSource implements ImageSource {
  private final SourceSettings settings;
  private final Configuration hadoop;

  ImageFolderSource(SourceSettings settings, Configuration hadoop) {
    this.settings = settings;
    this.hadoop = hadoop;
  }

  @Override
  public ListedImages list() throws IOException {
    Path root = new Path(settings.location());
    SortedMap<String, List<String>> filesOfClass = classFolders(root);
    for (var entry : filesOfClass.entrySet()) {
      entry.getValue().addAll(Directories.imagesWithin(new Path(root, entry.getKey()), hadoop));
    }
    List<String> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    int label = 0;
    for (var entry : filesOfClass.entrySet()) {
      if (entry.getValue().isEmpty()) {
        throw new DataException(
            "Cannot read an image folder: expected images ("
                + Directories.extensions()
                + ") in every class, found none for class "
                + entry.getKey()
                + ", in "
                + root
                + ". Add images or remove the folder.");
      }
      entry.getValue().sort(Directories.CODE_POINTS);
      for (String file : entry.getValue()) {
        files.add(file);
        labels.add(label);
      }
      label++;
    }
    return new ListedImages(
        List.copyOf(filesOfClass.keySet()),
        Listing.ofFiles(
            files.toArray(String[]::new), labels.stream().mapToInt(Integer::intValue).toArray()));
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    new EncodedImages(settings, hadoop).read(part, sink);
  }

  /** The class folders, each with an empty list for its files. */
  private SortedMap<String, List<String>> classFolders(Path root) throws IOException {
    SortedMap<String, List<String>> folders = new TreeMap<>(Directories.CODE_POINTS);
    for (FileStatus entry : Directories.list("an image folder", root, hadoop)) {
      String name = entry.getPath().getName();
      if (entry.isDirectory() && !Directories.isHidden(name)) {
        folders.put(name, new ArrayList<>());
      }
    }
    if (folders.size() < 2) {
      throw new DataException(
          "Cannot read an image folder: expected one folder per class and at least two, found "
              + (folders.isEmpty() ? "none" : "only " + folders.firstKey())
              + ", in "
              + root
              + ". Check that the path is the folder that holds the class folders.");
    }
    return folders;
  }
}
