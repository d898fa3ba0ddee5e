package dev.convoy.data.format;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.data.DataException;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.ListedImages;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.SourceSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Tar files in the layout of WebDataset: an example is the files that follow each other and whose
 * names are alike up to the first dot, {@code 000017.jpg} and {@code 000017.cls}. Its class is the
 * text of {@code .cls}, a number or a name, or the member {@code label}, {@code class} or {@code
 * category} of {@code .json}. A record number is the tar's block, of 512 bytes, where the image's
 * header is.
 */
record WebDatasetSource(SourceSettings settings, Configuration hadoop) implements ImageSource {
  /** How names of such files end. */
  static final String SUFFIX = ".tar";

  private static final String WHAT = "tar files";
  private static final int MOST_IMAGE_BYTES = Integer.MAX_VALUE - 8;
  private static final int MOST_LABEL_BYTES = 1 << 20;
  private static final int MOST_NAME_LENGTH = 1000;
  private static final List<String> CLASS_MEMBERS = List.of("label", "class", "category");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The files that are alike up to the first dot. */
  private static final class Example {
    private final String key;
    private TarEntries.Entry image;
    private String className;

    Example(String key) {
      this.key = key;
    }
  }

  /** Columns that grow. */
  private static final class Columns {
    private final List<Integer> fileOf = new ArrayList<>();
    private final List<Integer> recordOf = new ArrayList<>();
    private final List<Integer> classOf = new ArrayList<>();
    private final Map<String, Integer> classes = new HashMap<>();
    private int withoutImage;
  }

  @Override
  public ListedImages list() throws IOException {
    return list(more -> {});
  }

  @Override
  public ListedImages list(IntConsumer found) throws IOException {
    List<FileStatus> tars = tars(Locations.path(settings.location()));
    Columns columns = new Columns();
    for (int file = 0; file < tars.size(); file++) {
      list(tars.get(file).getPath(), file, columns, found);
    }
    if (columns.recordOf.isEmpty()) {
      throw DataException.cannot(
          "read " + WHAT,
          "images (" + Directories.extensions() + ") with a class",
          "none",
          settings.location(),
          "Name the files of an example alike up to the first dot: 17.jpg and 17.cls.");
    }
    ClassNames classes = ClassNames.of(columns.classes);
    Listing listing =
        Listing.of(
            tars.stream().map(tar -> tar.getPath().toString()).toArray(String[]::new),
            ints(columns.fileOf),
            ints(columns.recordOf),
            columns.classOf.stream().mapToInt(seen -> classes.labels()[seen]).toArray());
    return new ListedImages(
        classes.names(),
        FileVersions.note(listing, tars),
        columns.withoutImage == 0
            ? Optional.empty()
            : Optional.of("passed over " + columns.withoutImage + " examples without an image"));
  }

  @Override
  public void read(Listing part, ExampleSink sink) throws IOException {
    try (OpenTar tar = new OpenTar()) {
      new EncodedImages(settings, hadoop).read(part, tar::content, sink);
    }
  }

  /** The images of one tar after the other, read by the thread that asks for them, in order. */
  private final class OpenTar implements AutoCloseable {
    private String file = "";
    private TarEntries entries;

    EncodedImages.Content content(Listing part, int position) throws IOException {
      Path tar = Locations.path(part.file(position));
      if (!part.file(position).equals(file)) {
        close();
        entries = TarEntries.open(tar, hadoop);
        file = part.file(position);
      }
      TarEntries.Entry image = entries.at(part.record(position));
      long most = Math.min(settings.limits().maxFileBytes(), MOST_IMAGE_BYTES);
      return new HeldImage(
          tar, image.bytes(), image.bytes() > most ? new byte[0] : entries.content(image));
    }

    @Override
    public void close() throws IOException {
      file = "";
      if (entries != null) {
        entries.close();
        entries = null;
      }
    }
  }

  private List<FileStatus> tars(Path place) throws IOException {
    FileStatus status;
    try {
      status = Locations.fileSystem(WHAT, place, hadoop).getFileStatus(place);
    } catch (IOException e) {
      throw Locations.unreachable(WHAT, "a directory, or a tar file", place, e);
    }
    if (!status.isDirectory()) {
      if (!isTar(place.getName())) {
        throw DataException.cannot(
            "read " + WHAT, "a name that ends in " + SUFFIX, "another", place, "Unzip it first.");
      }
      return List.of(status);
    }
    List<FileStatus> tars =
        Arrays.stream(Directories.list(WHAT, place, hadoop))
            .filter(entry -> entry.isFile() && isTar(entry.getPath().getName()))
            .toList();
    if (tars.isEmpty()) {
      throw DataException.cannot(
          "read " + WHAT, "files named *" + SUFFIX, "none", place, "Unzip compressed ones.");
    }
    RoleFolders.requireOneUse(tars, place);
    return tars;
  }

  static boolean isTar(String name) {
    return !Directories.isHidden(name) && name.toLowerCase(Locale.ROOT).endsWith(SUFFIX);
  }

  private void list(Path tar, int file, Columns columns, IntConsumer found) throws IOException {
    try (TarEntries entries = TarEntries.open(tar, hadoop)) {
      Example example = new Example("");
      for (Optional<TarEntries.Entry> next = entries.next();
          next.isPresent();
          next = entries.next()) {
        TarEntries.Entry entry = next.get();
        int folder = entry.name().lastIndexOf('/') + 1;
        int dot = entry.name().indexOf('.', folder);
        if (dot <= folder) {
          continue; // hidden, or without a suffix
        }
        String key = entry.name().substring(0, dot);
        if (!key.equals(example.key)) {
          found.accept(add(example, tar, file, columns));
          example = new Example(key);
        }
        read(
            entry, entry.name().substring(dot + 1).toLowerCase(Locale.ROOT), entries, tar, example);
      }
      found.accept(add(example, tar, file, columns));
    }
  }

  private static void read(
      TarEntries.Entry entry, String suffix, TarEntries entries, Path tar, Example example)
      throws IOException {
    if (suffix.equals("cls") || suffix.equals("json")) {
      if (entry.bytes() > MOST_LABEL_BYTES) {
        throw wrong("a class of at most 1 MiB", entry.bytes() + " bytes", entry.name(), tar);
      }
      byte[] content = entries.content(entry);
      if (suffix.equals("cls")) {
        example.className = text(content, entry.name(), tar).strip();
      } else if (example.className == null) {
        example.className = classOfJson(content, entry.name(), tar);
      }
    } else if (ImageFiles.isImage(entry.name())) {
      if (example.image != null) {
        throw wrong("one image", "two", entry.name(), tar);
      }
      example.image = entry;
    }
  }

  private static String text(byte[] content, String name, Path tar) {
    return TextFile.decode(WHAT, content, place(name, tar));
  }

  private static String classOfJson(byte[] content, String name, Path tar) {
    JsonNode object;
    try {
      object = JSON.readTree(text(content, name, tar));
    } catch (JacksonException e) {
      throw wrong("JSON", "a mistake: " + e.getOriginalMessage(), name, tar);
    }
    return CLASS_MEMBERS.stream()
        .map(object::path)
        .filter(member -> member.isTextual() || member.isIntegralNumber())
        .map(member -> member.asText().strip())
        .findFirst()
        .orElse(null);
  }

  /** Returns how many images the example has. */
  private static int add(Example example, Path tar, int file, Columns columns) {
    if (example.image == null) {
      columns.withoutImage += example.key.isEmpty() ? 0 : 1;
      return 0;
    }
    String name = example.className;
    if (name == null || name.isEmpty() || name.length() > MOST_NAME_LENGTH) {
      throw wrong(
          "a class in .cls, or as label, class or category in .json",
          name == null ? "none" : name.length() + " characters",
          example.key,
          tar);
    }
    columns.fileOf.add(file);
    columns.recordOf.add(example.image.block());
    columns.classOf.add(columns.classes.computeIfAbsent(name, any -> columns.classes.size()));
    return 1;
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static DataException wrong(String expected, String found, String name, Path tar) {
    return DataException.cannot(
        "read " + WHAT, expected, found, place(name, tar), "Pack the file again.");
  }

  private static String place(String name, Path tar) {
    return tar + ", " + name;
  }
}
