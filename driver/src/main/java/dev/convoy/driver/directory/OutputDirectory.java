package dev.convoy.driver.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.convoy.data.Text;
import dev.convoy.data.format.Locations;
import dev.convoy.data.source.Quarantined;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.directory.HeldConfiguration.State;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that a command writes to, on any Hadoop file system, and that belongs to one
 * configuration. Every file is whole or absent, whenever the driver is killed. Driver only.
 *
 * <p>A file that cannot be written or read is an {@link OutputException}.
 */
public class OutputDirectory implements AutoCloseable {
  /** The best model. */
  public static final String MODEL = "model.zip";

  /** Class names in output order, one a line. */
  public static final String LABELS = "labels.txt";

  /** The page that shows what came of it. */
  public static final String REPORT = "report.html";

  static final String SUMMARY = "summary.json";
  private static final String CONFIGURATION = "config.conf";
  private static final String IDENTITY = "identity";
  private static final String CHECKSUM = "crc32c";

  /**
   * Every name that a run, a search or an ensemble writes beside config.conf. First what makes one
   * ended or able to go on.
   */
  private static final List<String> OWN =
      List.of(
          SUMMARY,
          "checkpoints",
          "trials.jsonl",
          "members.jsonl",
          "trials",
          "members",
          "refit",
          "distilled",
          "metrics.jsonl",
          MODEL,
          "ensemble.zip",
          LABELS,
          "quarantine.jsonl",
          "snapshots",
          "distilled.zip",
          "average.zip",
          "leaderboard.csv",
          "best.conf",
          "statistics.json",
          "least-sure.png",
          "predictions",
          "events",
          REPORT);

  /** Files by which it is seen that something was trained. */
  private static final Pattern TRAINED =
      Pattern.compile("summary\\.json|metrics\\.jsonl|checkpoint-.*|.*\\.zip");

  private static final int MENTIONED_DIFFERENCES = 5;
  private static final int MAX_VALUE_LENGTH = 60;
  private static final Logger LOG = LoggerFactory.getLogger(OutputDirectory.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path path;
  private final FileSystem files;
  private final AtomicFiles atomic;
  private Runnable beforeWriting = () -> {};

  private OutputDirectory(Path path, FileSystem files, AtomicFiles atomic) {
    this.path = path;
    this.files = files;
    this.atomic = atomic;
  }

  /** The same directory, which this takes over. */
  OutputDirectory(OutputDirectory opened) {
    this(opened.path, opened.files, opened.atomic);
    this.beforeWriting = opened.beforeWriting;
  }

  /**
   * Creates the directory, or opens that of the same configuration. What killed processes left half
   * written is removed.
   *
   * @param beforeWriting is run before anything is written; what it throws prevents that
   * @throws ConfigurationException if it cannot be written, or holds something different and the
   *     claim does not say to overwrite it, or holds what Convoy did not write
   */
  static OutputDirectory open(DirectoryClaim claim, Configuration hadoop, Runnable beforeWriting) {
    try {
      OutputDirectory directory = at(claim.location(), hadoop);
      directory.beforeWriting = beforeWriting;
      if (directory.files.exists(directory.path)
          && !directory.files.getFileStatus(directory.path).isDirectory()) {
        throw new IOException("a file is in the way");
      }
      beforeWriting.run();
      directory.files.mkdirs(directory.path);
      directory.recover(directory.path);
      directory.take(claim);
      directory.removeLeftOvers();
      return directory;
    } catch (IOException | IllegalArgumentException e) {
      throw unwritable(claim.location(), e);
    }
  }

  /**
   * Opens it if it belongs to that configuration and what was to be done there has ended; looks
   * without writing.
   */
  static Optional<OutputDirectory> ifEnded(DirectoryClaim claim, Configuration hadoop) {
    try {
      OutputDirectory directory = at(claim.location(), hadoop);
      Optional<HeldConfiguration> held = directory.held();
      if (held.isPresent()
          && held.get().state() == State.INTACT
          && differences(held.get().text(), claim).isEmpty()
          && directory.holds(SUMMARY)
          && directory.summaryProblem(claim).isEmpty()) {
        return Optional.of(directory);
      }
      directory.close();
    } catch (IOException | IllegalArgumentException | OutputException e) {
      LOG.debug("Opening {} reports what is wrong", claim.location(), e);
    }
    return Optional.empty();
  }

  /**
   * Opens one that is there and belongs to a configuration.
   *
   * @param what is expected there, for messages
   * @throws ConfigurationException if there is none
   */
  static OutputDirectory existing(String location, String what, Configuration hadoop) {
    String found = "no config.conf";
    try {
      OutputDirectory directory = at(location, hadoop);
      Optional<HeldConfiguration> held = directory.held();
      if (held.isPresent() && held.get().state() == State.INTACT) {
        return directory;
      }
      directory.close();
      found = held.map(HeldConfiguration::description).orElse(found);
    } catch (IOException | IllegalArgumentException | OutputException e) {
      found = e.getMessage();
    }
    throw new ConfigurationException(
        "Cannot find %s in %s: expected its directory, found: %s.", what, location, found);
  }

  /** One that is only looked at. */
  static OutputDirectory at(String location, Configuration hadoop) throws IOException {
    Path path = Locations.path(location);
    FileSystem files = Locations.newFileSystem(path, hadoop);
    return new OutputDirectory(files.makeQualified(path), files, new AtomicFiles(files, hadoop));
  }

  /** What to say of a directory that cannot be written. */
  static ConfigurationException unwritable(String location, Exception cause) {
    return unusable(
        location, "a directory that can be written", "found: " + Text.firstLine(cause), "");
  }

  /**
   * What to say of a directory that cannot be used.
   *
   * @param otherwise what can be done instead of choosing another; may be empty
   */
  static ConfigurationException unusable(
      String location, String expected, String found, String otherwise) {
    return new ConfigurationException(
        "output = %s: expected %s, %s. Choose another with output=…%s",
        location, expected, found, otherwise);
  }

  /** Runs something before anything is written from now on; what it throws prevents that. */
  void guard(Runnable check) {
    beforeWriting = check;
  }

  private Optional<HeldConfiguration> held() {
    return text(CONFIGURATION).map(HeldConfiguration::parse);
  }

  /** Makes the directory this configuration's; what is deleted is first declared thrown away. */
  private void take(DirectoryClaim claim) throws IOException {
    Optional<HeldConfiguration> held = held();
    if (held.isEmpty()) {
      refuseForeign(claim);
    } else if (held.get().state() != State.THROWN_AWAY && belongsTo(claim, held.get())) {
      return;
    }
    if (firstOwn().isPresent()) {
      // A process killed meanwhile leaves a config.conf by which the next one finishes this.
      writeText(CONFIGURATION, HeldConfiguration.THROWN_AWAY);
      discardContent();
    }
    writeConfiguration(claim.text().written());
  }

  /** Whether to go on with what is there; if not, it may be thrown away. */
  private boolean belongsTo(DirectoryClaim claim, HeldConfiguration held) throws IOException {
    String expected = "an empty directory or this run's own";
    if (held.state() != State.INTACT) {
      throw unusable(
          claim.location(),
          expected,
          "found a different run or none (its config.conf does not fit this version or this"
              + " command: found "
              + held.description()
              + ")",
          ", or move that file away; --overwrite throws away only what Convoy wrote.");
    }
    List<String> different = differences(held.text(), claim);
    if (different.isEmpty()) {
      different = summaryProblem(claim).map(List::of).orElse(List.of());
      if (different.isEmpty()) {
        return true;
      }
    } else if (isUntrained()) {
      LOG.info("Nothing was trained in {} yet: it is taken over", path);
      return false;
    }
    if (!claim.overwrite()) {
      ConfigurationException refusal =
          unusable(
              claim.location(),
              expected,
              "found a different run",
              ", or throw it away with --overwrite.");
      List<String> problems = new ArrayList<>(refusal.problems());
      different.forEach(difference -> problems.add("  " + difference));
      throw new ConfigurationException(problems);
    }
    return false;
  }

  /** Refuses what Convoy would write but, as far as can be known, did not. */
  private void refuseForeign(DirectoryClaim claim) {
    Optional<String> foreign = firstOwn();
    boolean leftByConvoy = claim.overwrite() && summaryIdentity().isPresent();
    if (foreign.isPresent() && !leftByConvoy) {
      throw unusable(
          claim.location(),
          "an empty directory or this run's own",
          "found " + foreign.get() + " without the config.conf of a run",
          ", or move it away.");
    }
  }

  /** The first name in the directory that Convoy would write. */
  private Optional<String> firstOwn() {
    return OWN.stream().filter(this::holds).findFirst();
  }

  /** Whether a command failed before it trained anything, such as at a wrong data.train. */
  private boolean isUntrained() throws IOException {
    for (String name : OWN) {
      if (holds(name) && holdsSomethingTrained(files.getFileStatus(child(name)))) {
        return false;
      }
    }
    return true;
  }

  private boolean holdsSomethingTrained(FileStatus file) throws IOException {
    if (!file.isDirectory()) {
      return TRAINED.matcher(file.getPath().getName()).matches();
    }
    for (FileStatus child : files.listStatus(file.getPath())) {
      if (holdsSomethingTrained(child)) {
        return true;
      }
    }
    return false;
  }

  private void discardContent() {
    OWN.forEach(this::delete);
  }

  /** Removes all that was made, to begin anew; the directory stays the same configuration's. */
  public void discard() {
    discardContent();
    held().map(HeldConfiguration::text).ifPresent(this::writeConfiguration);
  }

  /** Why the summary that is there is not this claim's, if it is not. */
  private Optional<String> summaryProblem(DirectoryClaim claim) {
    if (!holds(SUMMARY)) {
      return Optional.empty();
    }
    Optional<RunIdentity> identity = summaryIdentity();
    if (identity.isEmpty()) {
      return Optional.of(
          SUMMARY + ": found one that Convoy did not write, or that was changed since");
    }
    return RunIdentity.of(claim.text()).isRefused(identity.get())
        ? Optional.of(SUMMARY + ": found that of another configuration")
        : Optional.empty();
  }

  private Optional<RunIdentity> summaryIdentity() {
    return text(SUMMARY)
        .flatMap(OutputDirectory::parseSummary)
        .flatMap(json -> RunIdentity.parse(json.path(IDENTITY)));
  }

  /** In which keys what the directory holds differs, a line each, and not too many. */
  private static List<String> differences(String held, DirectoryClaim claim) {
    String there;
    try {
      there = claim.identityOf().apply(held);
    } catch (ConfigurationException e) {
      return List.of("its config.conf does not fit this version or this command");
    }
    if (there.equals(claim.text().identity())) {
      return List.of();
    }
    Config first = ConfigFactory.parseString(there);
    Config second = ConfigFactory.parseString(claim.text().identity());
    TreeSet<String> keys = new TreeSet<>();
    first.entrySet().forEach(entry -> keys.add(entry.getKey()));
    second.entrySet().forEach(entry -> keys.add(entry.getKey()));
    keys.removeIf(key -> value(first, key).equals(value(second, key)));
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      differences.add(
          key
              + " = "
              + StringUtils.abbreviate(value(first, key), "…", MAX_VALUE_LENGTH)
              + " there, "
              + StringUtils.abbreviate(value(second, key), "…", MAX_VALUE_LENGTH)
              + " here");
    }
    int more = differences.size() - MENTIONED_DIFFERENCES;
    if (more > 0) {
      differences.subList(MENTIONED_DIFFERENCES, differences.size()).clear();
      differences.add("and " + more + " more");
    }
    return differences;
  }

  private static String value(Config config, String key) {
    return config.hasPath(key)
        ? config.getValue(key).render(ConfigRenderOptions.concise())
        : "null";
  }

  private void removeLeftOvers() throws IOException {
    beforeWriting.run();
    for (String name : List.of("checkpoints", "snapshots", "predictions")) {
      atomic.removeLeftOvers(child(name));
    }
    atomic.removeLeftOvers(path);
  }

  /** Where it is, qualified with its file system. */
  public final String location() {
    return path.toString();
  }

  Path path() {
    return path;
  }

  FileSystem files() {
    return files;
  }

  Runnable beforeWriting() {
    return beforeWriting;
  }

  Path child(String name) {
    return new Path(path, name);
  }

  /** Replaces a file, or makes it; its name may have folders in it. */
  public final void write(String name, FileContent content) {
    writing(name, () -> writeAtomically(child(name), content));
  }

  /** The same of a text. */
  public final void writeText(String name, String text) {
    write(name, out -> out.write(utf8(text)));
  }

  /** The same of lines. */
  public final void writeLines(String name, List<String> lines) {
    write(
        name,
        out -> {
          for (String line : lines) {
            out.write(utf8(line + "\n"));
          }
        });
  }

  /** The same of JSON, indented. */
  public final void writeJson(String name, JsonNode value) {
    writeText(name, value.toPrettyString() + "\n");
  }

  /** A line of quarantine.jsonl. */
  static ObjectNode json(Quarantined image) {
    return JSON.createObjectNode().put("path", image.path()).put("reason", image.reason());
  }

  /** Whether there is a file or a folder of that name. */
  public final boolean holds(String name) {
    return reading(name, () -> files.exists(child(name)));
  }

  /** The content of a file, if it is there. */
  public final Optional<byte[]> bytes(Path file) {
    return reading(
        file.toString(),
        () -> {
          if (!files.exists(file)) {
            return Optional.empty();
          }
          try (InputStream in = files.open(file)) {
            return Optional.of(in.readAllBytes());
          }
        });
  }

  /** The files and folders in a folder; none if it is not there. */
  List<FileStatus> list(Path folder) {
    return reading(
        folder.getName(),
        () -> files.exists(folder) ? Arrays.asList(files.listStatus(folder)) : List.of());
  }

  /** The text of a file, if it is there. */
  Optional<String> text(String name) {
    return bytes(child(name)).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  List<String> lines(String name) {
    return text(name).map(text -> text.lines().toList()).orElse(List.of());
  }

  /** The configuration that it belongs to. */
  public final String configuration() {
    return held().map(HeldConfiguration::text).orElse("");
  }

  /** When the configuration it belongs to was written, in milliseconds since 1970. */
  long configuredMillis() {
    return reading(
        CONFIGURATION, () -> files.getFileStatus(child(CONFIGURATION)).getModificationTime());
  }

  /** Writes the configuration that it belongs to anew, after an extension. */
  public final void writeConfiguration(String text) {
    writeText(CONFIGURATION, HeldConfiguration.contentFor(text));
  }

  /**
   * The summary, the sign that the work has ended.
   *
   * @throws ConfigurationException if it is not as Convoy wrote it
   */
  public final Optional<JsonNode> summary() {
    Optional<String> text = text(SUMMARY);
    Optional<JsonNode> summary = text.flatMap(OutputDirectory::parseSummary);
    if (text.isPresent() && summary.isEmpty()) {
      throw new ConfigurationException(
          "Cannot read %s: expected what Convoy wrote, found it changed or damaged. Restore it, or"
              + " move it away and give the same command again.",
          child(SUMMARY));
    }
    return summary;
  }

  /** Empty for anything that {@link #writeSummary} did not write. */
  static Optional<JsonNode> parseSummary(String text) {
    try {
      JsonNode summary = JSON.readTree(text);
      if (summary.path(IDENTITY) instanceof ObjectNode identity
          && RunIdentity.parse(identity).isPresent()
          && identity.path(CHECKSUM).isTextual()) {
        String checksum = identity.remove(CHECKSUM).textValue();
        boolean intact = checksum.equals(RecordChecksum.of(summary));
        identity.put(CHECKSUM, checksum);
        return intact ? Optional.of(summary) : Optional.empty();
      }
    } catch (JsonProcessingException e) {
      LOG.debug("No JSON in summary.json", e);
    }
    return Optional.empty();
  }

  /**
   * Writes summary.json, the sign that the work has ended.
   *
   * @param summary its {@code identity} says what it depends on; a checksum is added there
   */
  public final void writeSummary(JsonNode summary) {
    ObjectNode identity = (ObjectNode) summary.path(IDENTITY);
    identity.remove(CHECKSUM);
    identity.put(CHECKSUM, RecordChecksum.of(summary));
    writeJson(SUMMARY, summary);
  }

  /** Removes a file, or a folder with all that is in it; it need not be there. */
  public final void delete(String name) {
    writing(name, () -> files.delete(child(name), true));
  }

  /** What is done to files; the failure names what could not be written. */
  interface Action {
    void run() throws IOException;
  }

  /** What is asked of files. */
  interface Question<T> {
    T answer() throws IOException;
  }

  void writing(String what, Action action) {
    beforeWriting.run();
    try {
      action.run();
    } catch (IOException e) {
      throw new OutputException(
          e,
          "Cannot write %s in %s: %s. What was written before is intact: make room or mend the"
              + " cause, then give the same command again to go on.",
          what,
          path,
          Text.firstLine(e));
    }
  }

  void writeAtomically(Path file, FileContent content) throws IOException {
    atomic.write(file, content, beforeWriting);
  }

  /** Gives a staged file a name under which nobody looks for it yet; what has it is replaced. */
  void name(Path staged, Path target) throws IOException {
    atomic.name(staged, target);
  }

  /** Puts back what a killed process had away when it was replacing a file in a folder. */
  void recover(Path folder) throws IOException {
    atomic.recover(folder);
  }

  <T> T reading(String what, Question<T> question) {
    try {
      return question.answer();
    } catch (IOException e) {
      throw new OutputException(e, "Cannot read %s in %s: %s.", what, path, Text.firstLine(e));
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Lets go of the file system; what was written stays. */
  @Override
  public void close() {
    try {
      files.close();
    } catch (IOException e) {
      LOG.debug("Cannot close {}", path, e);
    }
  }
}
