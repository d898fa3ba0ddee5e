package dev.convoy.data.format;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.source.Quarantined;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The file {@code manifest.json} of a folder of prepared images: which shard files belong to it,
 * and what they hold. It is written last, and again when it is complete; what it does not name is
 * not read. Its own checksum covers every value in it.
 *
 * @param complete whether preparation has ended; a folder that is not complete is not read
 * @param origin what the images were made from
 * @param store the shapes of the images
 * @param classes in label order
 * @param parts in the order in which they are read
 */
public record ShardManifest(
    boolean complete,
    Origin origin,
    StoredShape store,
    List<ClassCount> classes,
    List<Part> parts) {
  /** The name of the file. */
  public static final String FILE_NAME = "manifest.json";

  private static final String FORMAT = "convoy-prepared-images";
  private static final int VERSION = 2;
  private static final String CHECKSUM = "checksum";
  private static final String LONGEST_SIDE = "longest-side";
  private static final String PART_NAME = "part-[0-9]{5,9}\\" + ShardFile.EXTENSION;
  private static final String DIGEST = "[0-9a-f]{1,64}";
  private static final String CHECKSUM_TEXT = "[0-9a-f]{8}";
  private static final int MAX_FILE_BYTES = 1 << 30;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * What prepared images were made from: two folders of one origin hold the same images.
   *
   * @param settings digest of what decides how images are decoded and dealt to parts
   * @param source digest of the names, labels, lengths and times of the source's images
   */
  public record Origin(String settings, String source) {}

  /**
   * A class.
   *
   * @param name of the class
   * @param examples how many images of it there are
   */
  public record ClassCount(String name, long examples) {}

  /**
   * A shard file.
   *
   * @param name in the folder
   * @param examples how many it holds, at least 1
   * @param bytes length of the file
   * @param checksum of the file, which covers all of it
   * @param quarantined the images that would be in it, but could not be read
   */
  public record Part(
      String name, int examples, long bytes, int checksum, List<Quarantined> quarantined)
      implements Serializable {
    /** Copies the list. */
    public Part {
      quarantined = List.copyOf(quarantined);
    }
  }

  /** Copies the lists. */
  public ShardManifest {
    classes = List.copyOf(classes);
    parts = List.copyOf(parts);
  }

  /** The name of the shard file of a shard. */
  public static String partName(int shard) {
    return String.format(Locale.ROOT, "part-%05d%s", shard, ShardFile.EXTENSION);
  }

  /** Whether a file of that name can be a part. */
  public static boolean isPartName(String name) {
    return name.matches(PART_NAME);
  }

  /** Names in label order. */
  public List<String> classNames() {
    return classes.stream().map(ClassCount::name).toList();
  }

  /** How many images there are in all parts. */
  public long examples() {
    return parts.stream().mapToLong(Part::examples).sum();
  }

  /** The part of that name. */
  Optional<Part> part(String name) {
    return parts.stream().filter(part -> part.name().equals(name)).findFirst();
  }

  /** Writes it; leaves the stream open. */
  public void write(OutputStream out) throws IOException {
    ObjectNode content = toJson();
    content.put(CHECKSUM, checksum(content));
    out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
    out.write('\n');
  }

  private ObjectNode toJson() {
    ObjectNode content =
        JsonNodeFactory.instance
            .objectNode()
            .put("format", FORMAT)
            .put("version", VERSION)
            .put("complete", complete)
            .put("settings", origin.settings())
            .put("source", origin.source());
    content
        .putObject("image")
        .put("height", store.input().height())
        .put("width", store.input().width())
        .put("channels", store.input().channels())
        .put(LONGEST_SIDE, store.longestSide());
    content.put("examples", examples());
    ArrayNode classNodes = content.putArray("classes");
    for (ClassCount count : classes) {
      classNodes.addObject().put("name", count.name()).put("examples", count.examples());
    }
    ArrayNode partNodes = content.putArray("parts");
    for (Part part : parts) {
      ArrayNode quarantined =
          partNodes
              .addObject()
              .put("name", part.name())
              .put("examples", part.examples())
              .put("bytes", part.bytes())
              .put(CHECKSUM, hex(part.checksum()))
              .putArray("quarantined");
      part.quarantined()
          .forEach(
              image ->
                  quarantined.addObject().put("path", image.path()).put("reason", image.reason()));
    }
    return content;
  }

  /**
   * Reads the manifest of a folder, if there is one.
   *
   * @throws DataException if it is damaged, or of another version
   */
  public static Optional<ShardManifest> read(Path folder, Configuration hadoop) throws IOException {
    Path file = new Path(folder, FILE_NAME);
    FileSystem files = file.getFileSystem(hadoop);
    if (!files.exists(file)) {
      return Optional.empty();
    }
    FileStatus status = files.getFileStatus(file);
    if (!status.isFile() || status.getLen() > MAX_FILE_BYTES) {
      throw wrong(file, "a file of at most " + MAX_FILE_BYTES + " bytes", "something else");
    }
    try (InputStream in = files.open(file)) {
      return Optional.of(parse(in.readNBytes(MAX_FILE_BYTES), file));
    }
  }

  static ShardManifest parse(byte[] bytes, Path file) {
    JsonNode content;
    try {
      content = JSON.readTree(bytes);
    } catch (IOException e) {
      DataException wrong =
          wrong(file, "JSON", String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
      wrong.initCause(e);
      throw wrong;
    }
    return new Reader(file).manifest(content);
  }

  private static String checksum(ObjectNode content) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(JSON.writeValueAsString(content).getBytes(StandardCharsets.UTF_8));
    return hex((int) crc.getValue());
  }

  private static String hex(int checksum) {
    return String.format(Locale.ROOT, "%08x", checksum);
  }

  private static DataException wrong(Path file, String expected, String found) {
    return new DataException(
        "Cannot read a manifest of prepared images: expected "
            + expected
            + ", found "
            + found
            + ", in "
            + file
            + ". Prepare the images again.");
  }

  /** Checks every value on the way. */
  private record Reader(Path file) {
    ShardManifest manifest(JsonNode node) {
      if (!(node instanceof ObjectNode content)
          || !content.path("format").asText().equals(FORMAT)) {
        throw wrong(file, "the format " + FORMAT, "another");
      }
      int version = number(content, "version");
      if (version != VERSION) {
        throw wrong(file, "version " + VERSION, "version " + version);
      }
      requireChecksum(content);
      ShardManifest manifest =
          new ShardManifest(
              value(content, "complete", JsonNode::isBoolean, "true or false").booleanValue(),
              new Origin(text(content, "settings", DIGEST), text(content, "source", DIGEST)),
              store(content.path("image")),
              classes(content.path("classes")),
              parts(content.path("parts")));
      requireSums(manifest);
      return manifest;
    }

    private void requireChecksum(ObjectNode content) {
      String expected = text(content, CHECKSUM, CHECKSUM_TEXT);
      ObjectNode covered = content.deepCopy();
      covered.remove(CHECKSUM);
      String found;
      try {
        found = checksum(covered);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      if (!found.equals(expected)) {
        throw wrong(file, "the checksum " + expected, found);
      }
    }

    private void requireSums(ShardManifest manifest) {
      long counted = manifest.classes().stream().mapToLong(ClassCount::examples).sum();
      if (manifest.complete() && (counted != manifest.examples() || counted == 0)) {
        throw wrong(
            file,
            "at least one image, and as many in parts as in classes",
            counted + " in classes");
      }
    }

    private StoredShape store(JsonNode node) {
      try {
        return new StoredShape(
            new ImageShape(number(node, "height"), number(node, "width"), number(node, "channels")),
            value(node, LONGEST_SIDE, JsonNode::isInt, "a number").intValue());
      } catch (IllegalArgumentException e) {
        DataException wrong = wrong(file, "a shape", "none (" + e.getMessage() + ")");
        wrong.initCause(e);
        throw wrong;
      }
    }

    private List<ClassCount> classes(JsonNode nodes) {
      List<ClassCount> classes = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (JsonNode node : nodes) {
        String name = value(node, "name", JsonNode::isTextual, "a name").textValue();
        if (!names.add(name)) {
          throw wrong(file, "different classes", name + " twice");
        }
        classes.add(
            new ClassCount(
                name, value(node, "examples", JsonNode::canConvertToLong, "a number").longValue()));
      }
      return classes;
    }

    private List<Part> parts(JsonNode nodes) {
      List<Part> parts = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (JsonNode node : nodes) {
        String name = text(node, "name", PART_NAME);
        if (!names.add(name)) {
          throw wrong(file, "different parts", name + " twice");
        }
        parts.add(
            new Part(
                name,
                number(node, "examples"),
                value(node, "bytes", JsonNode::canConvertToLong, "a number").longValue(),
                Integer.parseUnsignedInt(text(node, CHECKSUM, CHECKSUM_TEXT), 16),
                quarantined(node.path("quarantined"))));
      }
      return parts;
    }

    private List<Quarantined> quarantined(JsonNode nodes) {
      List<Quarantined> images = new ArrayList<>();
      for (JsonNode node : nodes) {
        images.add(
            new Quarantined(
                value(node, "path", JsonNode::isTextual, "a path").textValue(),
                value(node, "reason", JsonNode::isTextual, "a reason").textValue()));
      }
      return images;
    }

    private String text(JsonNode node, String key, String pattern) {
      return value(
              node,
              key,
              value -> value.isTextual() && value.textValue().matches(pattern),
              "a text like " + pattern)
          .textValue();
    }

    private int number(JsonNode node, String key) {
      return value(node, key, value -> value.isInt() && value.intValue() >= 1, "a number from 1")
          .intValue();
    }

    private JsonNode value(JsonNode node, String key, Predicate<JsonNode> valid, String expected) {
      JsonNode value = node.path(key);
      if (!valid.test(value)) {
        throw wrong(
            file, expected + " for " + key, value.isMissingNode() ? "nothing" : "something else");
      }
      return value;
    }
  }
}
