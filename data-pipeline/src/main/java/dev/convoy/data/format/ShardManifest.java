package dev.convoy.data.format;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.DataException;
import dev.convoy.data.ImageShape;
import dev.convoy.data.StoredShape;
import dev.convoy.data.Text;
import dev.convoy.data.batch.Normalization;
import dev.convoy.data.shard.ChannelSums;
import dev.convoy.data.shard.ShardStatistics;
import dev.convoy.data.source.Quarantined;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
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
  private static final int VERSION = 3;
  private static final String CHECKSUM = "checksum";
  private static final String PART_NAME = "part-[0-9]{5,9}\\" + ShardFile.EXTENSION;
  private static final int MAX_FILE_BYTES = 1 << 30;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
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
   * @param sums over its pixels
   * @param quarantined the images that would be in it, but could not be read
   */
  public record Part(
      String name,
      int examples,
      long bytes,
      int checksum,
      ChannelSums sums,
      List<Quarantined> quarantined)
      implements Serializable {
    /** The file that holds a shard. */
    public static Part of(String name, long bytes, int checksum, ShardStatistics shard) {
      return new Part(
          name, shard.examples(), bytes, checksum, shard.channels(), shard.quarantined());
    }

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
    return Text.of("part-%05d%s", shard, ShardFile.EXTENSION);
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

  /** Mean and deviation of every channel over all parts, as training would normalise by them. */
  public Normalization normalization() {
    return parts.stream()
        .map(Part::sums)
        .reduce(ChannelSums::plus)
        .map(Normalization::of)
        .orElseGet(() -> Normalization.identity(store.input().channels()));
  }

  /** The part of that name. */
  Optional<Part> part(String name) {
    return parts.stream().filter(part -> part.name().equals(name)).findFirst();
  }

  /** Writes it; leaves the stream open. */
  public void write(OutputStream out) throws IOException {
    ObjectNode content = JSON.valueToTree(Document.of(this));
    content.put(CHECKSUM, checksum(content));
    out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
    out.write('\n');
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
      throw wrong(file, "a file of at most " + MAX_FILE_BYTES + " bytes", "something else", null);
    }
    try (InputStream in = files.open(file)) {
      return Optional.of(parse(in.readNBytes(MAX_FILE_BYTES), file));
    }
  }

  static ShardManifest parse(byte[] bytes, Path file) {
    try {
      JsonNode node = JSON.readTree(bytes);
      if (!(node instanceof ObjectNode content)
          || !content.path("format").asText().equals(FORMAT)) {
        throw wrong(file, "the format " + FORMAT, "another", null);
      }
      if (content.path("version").asInt() != VERSION) {
        throw wrong(file, "version " + VERSION, "version " + content.path("version"), null);
      }
      String expected = content.path(CHECKSUM).asText();
      content.remove(CHECKSUM);
      if (!checksum(content).equals(expected)) {
        throw wrong(file, "the checksum " + expected, checksum(content), null);
      }
      ShardManifest manifest = JSON.treeToValue(content, Document.class).manifest();
      manifest.requireConsistent(file);
      return manifest;
    } catch (IOException | IllegalArgumentException e) {
      String problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw wrong(file, "JSON of prepared images", problem, e);
    }
  }

  private void requireConsistent(Path file) {
    if (classes.stream().map(ClassCount::name).distinct().count() != classes.size()) {
      throw wrong(file, "different classes", classNames().toString(), null);
    }
    List<String> names = parts.stream().map(Part::name).toList();
    if (!names.stream().allMatch(ShardManifest::isPartName)
        || names.stream().distinct().count() != names.size()) {
      throw wrong(file, "different parts like " + partName(0), names.toString(), null);
    }
    long counted = classes.stream().mapToLong(ClassCount::examples).sum();
    if (parts.stream().anyMatch(part -> part.examples() < 1)
        || (complete && (counted != examples() || counted == 0))) {
      throw wrong(
          file,
          "at least one image, and as many in parts as in classes",
          counted + " in classes",
          null);
    }
  }

  private static String checksum(ObjectNode content) throws IOException {
    CRC32C crc = new CRC32C();
    crc.update(JSON.writeValueAsString(content).getBytes(StandardCharsets.UTF_8));
    return hex((int) crc.getValue());
  }

  private static String hex(int checksum) {
    return Text.of("%08x", checksum);
  }

  private static DataException wrong(Path file, String expected, String found, Throwable cause) {
    return DataException.cannot(
        "read a manifest of prepared images",
        expected,
        found,
        file,
        "Prepare the images again.",
        cause);
  }

  /** The file's content; its names are the keys. */
  private record Document(
      String format,
      int version,
      boolean complete,
      String settings,
      String source,
      Image image,
      long examples,
      float[] mean,
      float[] deviation,
      List<ClassCount> classes,
      List<PartText> parts) {
    static Document of(ShardManifest manifest) {
      return new Document(
          FORMAT,
          VERSION,
          manifest.complete,
          manifest.origin.settings,
          manifest.origin.source,
          Image.of(manifest.store),
          manifest.examples(),
          manifest.normalization().mean(),
          manifest.normalization().deviation(),
          manifest.classes,
          manifest.parts.stream().map(PartText::of).toList());
    }

    ShardManifest manifest() {
      return new ShardManifest(
          complete,
          new Origin(settings, source),
          image.store(),
          classes,
          parts.stream().map(PartText::part).toList());
    }
  }

  private record Image(int height, int width, int channels, int longestSide) {
    static Image of(StoredShape store) {
      ImageShape input = store.input();
      return new Image(input.height(), input.width(), input.channels(), store.longestSide());
    }

    StoredShape store() {
      return new StoredShape(new ImageShape(height, width, channels), longestSide);
    }
  }

  private record PartText(
      String name,
      int examples,
      long bytes,
      String checksum,
      ChannelSums sums,
      List<Quarantined> quarantined) {
    static PartText of(Part part) {
      return new PartText(
          part.name, part.examples, part.bytes, hex(part.checksum), part.sums, part.quarantined);
    }

    Part part() {
      return new Part(
          name, examples, bytes, Integer.parseUnsignedInt(checksum, 16), sums, quarantined);
    }
  }
}
