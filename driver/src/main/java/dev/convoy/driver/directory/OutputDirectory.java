package dev.convoy.driver.directory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.convoy.data.format.Locations;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.directory.HeldConfiguration.State;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that a command writes to, on any Hadoop file system, and that belongs to one
 * configuration. Every file is whole or absent, whenever the driver is killed. Driver only.
 */
final class OutputDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OutputDirectory.class);
  private static final String CONFIGURATION = "config.conf";
  static final String SUMMARY = "summary.json";
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
          "model.zip",
          "ensemble.zip",
          "labels.txt",
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
          "report.html");

  /** Files by which it is seen that something was trained. */
  private static final Pattern TRAINED =
      Pattern.compile("summary\\.json|metrics\\.jsonl|checkpoint-.*|.*\\.zip");

  private static final int MENTIONED_DIFFERENCES = 5;
  private static final int MAX_VALUE_LENGTH = 60;
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
      directory.take(claim);
      directory.removeLeftOvers();
      return directory;
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "output = "
              + claim.location()
              + ": expected a directory that can be written, found: "
              + firstLine(e)
              + ". Choose another with output=…");
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
          && directory.files.exists(directory.child(SUMMARY))
          && directory.summaryProblem(claim).isEmpty()) {
        return Optional.of(directory);
      }
      directory.close();
    } catch (IOException | IllegalArgumentException e) {
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
      found = held.map(OutputDirectory::describe).orElse(found);
    } catch (IOException | IllegalArgumentException | OutputException e) {
      found = e.getMessage();
    }
    throw new ConfigurationException(
        "Cannot find "
            + what
            + " in "
            + location
            + ": expected its directory, found: "
            + found
            + ".");
  }

  /** One that is only looked at. */
  static OutputDirectory at(String location, Configuration hadoop) throws IOException {
    Path path = Locations.path(location);
    FileSystem files = FileSystem.newInstance(path.toUri(), hadoop);
    return new OutputDirectory(files.makeQualified(path), files, new AtomicFiles(files, hadoop));
  }

  /** Runs something before anything is written from now on; what it throws prevents that. */
  void guard(Runnable check) {
    beforeWriting = check;
  }

  private static String describe(HeldConfiguration held) {
    return switch (held.state()) {
      case INTACT, CHANGED ->
          "a config.conf that was changed since Convoy wrote it; restore it, and give what is to"
              + " change on the command line";
      case FOREIGN -> "a config.conf that this version of Convoy did not write";
      case THROWN_AWAY -> "a directory whose content is being thrown away";
    };
  }

  private Optional<HeldConfiguration> held() throws IOException {
    return files.exists(child(CONFIGURATION))
        ? Optional.of(HeldConfiguration.parse(readText(CONFIGURATION)))
        : Optional.empty();
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
      throwAway();
    }
    writeConfiguration(claim.text().written());
  }

  /** Whether to go on with what is there; if not, it may be thrown away. */
  private boolean belongsTo(DirectoryClaim claim, HeldConfiguration held) throws IOException {
    if (held.state() != State.INTACT) {
      throw new ConfigurationException(
          "output = "
              + claim.location()
              + ": expected an empty directory or this run's own, found a different run or none (its"
              + " config.conf does not fit this version or this command: found "
              + describe(held)
              + "). Choose another with output=…, or move that file away; --overwrite throws away"
              + " only what Convoy wrote.");
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
      List<String> problem = new ArrayList<>();
      problem.add(
          "output = "
              + claim.location()
              + ": expected an empty directory or this run's own, found a different run. Choose"
              + " another with output=…, or throw it away with --overwrite.");
      different.forEach(difference -> problem.add("  " + difference));
      throw new ConfigurationException(problem);
    }
    return false;
  }

  /** Refuses what Convoy would write but, as far as can be known, did not. */
  private void refuseForeign(DirectoryClaim claim) throws IOException {
    Optional<String> foreign = firstOwn();
    boolean leftByConvoy = claim.overwrite() && summaryIdentity().isPresent();
    if (foreign.isPresent() && !leftByConvoy) {
      throw new ConfigurationException(
          "output = "
              + claim.location()
              + ": expected an empty directory or this run's own, found "
              + foreign.get()
              + " without the config.conf of a run. Choose another with output=…, or move it away.");
    }
  }

  /** The first name in the directory that Convoy would write. */
  private Optional<String> firstOwn() throws IOException {
    for (String name : OWN) {
      if (files.exists(child(name))) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /** Whether a command failed before it trained anything, such as at a wrong data.train. */
  private boolean isUntrained() throws IOException {
    for (String name : OWN) {
      Path file = child(name);
      if (files.exists(file) && holdsSomethingTrained(files.getFileStatus(file))) {
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

  /**
   * Removes the content. A process killed meanwhile leaves a config.conf that belongs to no run, so
   * that the next one finishes this.
   */
  private void throwAway() throws IOException {
    atomic.write(
        child(CONFIGURATION),
        out -> out.write(utf8(HeldConfiguration.thrownAway())),
        beforeWriting);
    discardContent();
  }

  private void discardContent() throws IOException {
    for (String name : OWN) {
      beforeWriting.run();
      files.delete(child(name), true);
    }
  }

  /** Removes all that was made; the directory stays the same configuration's. */
  void discard() {
    writing("what is begun anew", this::discardContent);
    configuration().ifPresent(this::writeConfiguration);
  }

  /** Why the summary that is there is not this claim's, if it is not. */
  private Optional<String> summaryProblem(DirectoryClaim claim) throws IOException {
    if (!files.exists(child(SUMMARY))) {
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

  private Optional<RunIdentity> summaryIdentity() throws IOException {
    return files.exists(child(SUMMARY))
        ? parseSummary(readText(SUMMARY)).flatMap(json -> RunIdentity.parse(json.path(IDENTITY)))
        : Optional.empty();
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
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String before = value(first, key);
      String now = value(second, key);
      if (!before.equals(now)) {
        differences.add(key + " = " + shortened(before) + " there, " + shortened(now) + " here");
      }
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

  private static String shortened(String value) {
    return value.length() <= MAX_VALUE_LENGTH
        ? value
        : value.substring(0, MAX_VALUE_LENGTH - 1) + "…";
  }

  private void removeLeftOvers() throws IOException {
    beforeWriting.run();
    for (String name : List.of("checkpoints", "snapshots", "predictions")) {
      atomic.removeLeftOvers(child(name));
    }
    atomic.removeLeftOvers(path);
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

  /** Replaces a file, or makes it. */
  void write(String name, FileContent content) {
    writing(name, () -> atomic.write(child(name), content, beforeWriting));
  }

  void writeText(String name, String text) {
    write(name, out -> out.write(utf8(text)));
  }

  void writeLines(String name, List<String> lines) {
    write(
        name,
        out -> {
          for (String line : lines) {
            out.write(utf8(line));
            out.write('\n');
          }
        });
  }

  void writeJson(String name, JsonNode value) {
    write(
        name,
        out ->
            out.write(
                utf8(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n")));
  }

  /** A file as text. */
  String readText(String name) throws IOException {
    try (InputStream in = files.open(child(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The text of a file, if it is there. */
  Optional<String> text(String name) {
    return reading(
        name, () -> files.exists(child(name)) ? Optional.of(readText(name)) : Optional.empty());
  }

  List<String> lines(String name) {
    return text(name).map(text -> text.lines().toList()).orElse(List.of());
  }

  /** The configuration it belongs to. */
  Optional<String> configuration() {
    return reading(CONFIGURATION, () -> held().map(HeldConfiguration::text));
  }

  /** When the configuration it belongs to was written, in milliseconds since 1970. */
  long configuredMillis() {
    return reading(
        CONFIGURATION, () -> files.getFileStatus(child(CONFIGURATION)).getModificationTime());
  }

  /** Writes the configuration it belongs to anew. */
  void writeConfiguration(String text) {
    writeText(CONFIGURATION, HeldConfiguration.contentFor(text));
  }

  /** The content of a file, if it is there. */
  static Optional<byte[]> readBytes(FileSystem files, Path file) throws IOException {
    if (!files.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = files.open(file)) {
      return Optional.of(in.readAllBytes());
    }
  }

  /**
   * The summary, the sign that the work has ended.
   *
   * @throws ConfigurationException if it is not as Convoy wrote it
   */
  Optional<JsonNode> summary() {
    Optional<String> text = text(SUMMARY);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<JsonNode> summary = parseSummary(text.get());
    if (summary.isEmpty()) {
      throw new ConfigurationException(
          "Cannot read "
              + child(SUMMARY)
              + ": expected what Convoy wrote, found it changed or damaged. Restore it, or move it"
              + " away and give the same command again.");
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
   * Writes the summary.
   *
   * @param summary its {@code identity} says what it depends on; a checksum is added there
   */
  void writeSummary(JsonNode summary) {
    ObjectNode identity = (ObjectNode) summary.path(IDENTITY);
    identity.remove(CHECKSUM);
    identity.put(CHECKSUM, RecordChecksum.of(summary));
    writeJson(SUMMARY, summary);
  }

  /** Removes what is there. */
  void delete(String name) {
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
          "Cannot write "
              + what
              + " in "
              + path
              + ": "
              + firstLine(e)
              + ". What was written before is intact: make room or mend the cause, then give the same"
              + " command again to go on.",
          e);
    }
  }

  void writeAtomically(Path file, FileContent content) throws IOException {
    atomic.write(file, content, beforeWriting);
  }

  /** Renames a file over another, or to a name that is free. */
  void replace(Path staged, Path target) throws IOException {
    atomic.replace(staged, target);
  }

  <T> T reading(String what, Question<T> question) {
    try {
      return question.answer();
    } catch (IOException e) {
      throw new OutputException(
          "Cannot read " + what + " in " + path + ": " + firstLine(e) + ".", e);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String firstLine(Throwable e) {
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getMessage().lines().findFirst().orElse("");
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
