package dev.convoy.gpu;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.UnreadableImageException;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Images in a folder for each class, on a local disk, without Hadoop, which need not travel. Files
 * are in the order of their names.
 */
final class JpegFolder implements ImageSource {
  private static final int AT_ONCE = 2048;
  private static final DecodeLimits LIMITS = new DecodeLimits(1 << 20, 1 << 24);

  private final Path folder;
  private final ImageDecoder decoder;

  JpegFolder(Path folder, ImageShape shape) {
    this.folder = folder;
    this.decoder = new ImageDecoder(StoredShape.resized(shape), LIMITS);
  }

  @Override
  public ListedImages list() throws IOException {
    List<Path> classes = sorted(folder);
    List<String> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      for (Path file : sorted(classes.get(label))) {
        files.add(file.toString());
        labels.add(label);
      }
    }
    return new ListedImages(
        classes.stream().map(path -> path.getFileName().toString()).toList(),
        Listing.ofFiles(
            files.toArray(String[]::new), labels.stream().mapToInt(label -> label).toArray()));
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted().toList();
    }
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    for (int from = 0; from < part.size(); from += AT_ONCE) {
      int to = Math.min(part.size(), from + AT_ONCE);
      List<Picture> pictures =
          IntStream.range(from, to).parallel().mapToObj(i -> decoded(part.file(i))).toList();
      for (int i = from; i < to; i++) {
        sink.accept(i, pictures.get(i - from));
      }
    }
  }

  private Picture decoded(String file) {
    try {
      return decoder.decode(Files.readAllBytes(Path.of(file)));
    } catch (UnreadableImageException e) {
      throw new IllegalStateException("Cannot decode " + file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
