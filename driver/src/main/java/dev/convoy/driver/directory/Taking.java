package dev.convoy.driver.directory;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import dev.convoy.data.format.ShardManifest;
import dev.convoy.data.source.Role;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.directory.HeldConfiguration.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.fs.FileStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory becomes a configuration's: it is that already, or empty, or holds what may be thrown
 * away. What Convoy did not write is never touched. Driver only.
 *
 * @param directory to take
 * @param claim the configuration, and what may be done for it
 */
record Taking(DirectoryFiles directory, DirectoryClaim claim) {
  /**
   * Every name that a run, a search or an ensemble writes beside config.conf. First what makes one
   * ended or able to go on.
   */
  private static final List<String> OWN =
      List.of(
          SummaryFile.NAME,
          "checkpoints",
          "trials.jsonl",
          "members.jsonl",
          "trials",
          "members",
          "refit",
          "distilled",
          "metrics.jsonl",
          OutputDirectory.MODEL,
          "ensemble.zip",
          OutputDirectory.LABELS,
          QuarantineFile.NAME,
          "snapshots",
          "distilled.zip",
          "average.zip",
          "leaderboard.csv",
          "best.conf",
          "statistics.json",
          "least-sure.png",
          "predictions",
          "events",
          OutputDirectory.REPORT);

  /** Files by which it is seen that something was trained. */
  private static final Pattern TRAINED =
      Pattern.compile("summary\\.json|metrics\\.jsonl|checkpoint-.*|.*\\.zip");

  private static final String PREPARED = Role.TRAIN.folder() + "/" + ShardManifest.FILE_NAME;
  private static final int MENTIONED_DIFFERENCES = 5;
  private static final int MAX_VALUE_LENGTH = 60;
  private static final Logger LOG = LoggerFactory.getLogger(Taking.class);

  /** Whether what the configuration asks for has ended there. */
  boolean hasEnded() {
    Optional<HeldConfiguration> held = HeldConfiguration.of(directory);
    return held.isPresent()
        && held.get().state() == State.INTACT
        && differences(held.get().text()).isEmpty()
        && directory.holds(SummaryFile.NAME)
        && summaryProblem().isEmpty();
  }

  /** Makes the directory this configuration's; what is deleted is first declared thrown away. */
  void take() throws IOException {
    Optional<HeldConfiguration> held = HeldConfiguration.of(directory);
    if (held.isEmpty()) {
      refuseForeign();
    } else if (held.get().state() != State.THROWN_AWAY && isOwn(held.get())) {
      return;
    }
    if (firstOwn().isPresent()) {
      // A process killed meanwhile leaves a config.conf by which the next one finishes this.
      directory.writeText(HeldConfiguration.NAME, HeldConfiguration.THROWN_AWAY);
      discardContent(directory);
    }
    HeldConfiguration.write(directory, claim.text().written());
  }

  /** Whether to go on with what is there; if not, it may be thrown away. */
  private boolean isOwn(HeldConfiguration held) throws IOException {
    String expected = "an empty directory or this run's own";
    if (held.state() != State.INTACT) {
      throw OutputDirectory.unusable(
          claim.location(),
          expected,
          "found a different run or none (its config.conf does not fit this version or this"
              + " command: found "
              + held.description()
              + ")",
          ", or move that file away; --overwrite throws away only what Convoy wrote.");
    }
    List<String> different = differences(held.text());
    if (different.isEmpty()) {
      different = summaryProblem().map(List::of).orElse(List.of());
      if (different.isEmpty()) {
        return true;
      }
    } else if (isUntrained()) {
      LOG.info("Nothing was trained in {} yet: it is taken over", directory.location());
      return false;
    }
    if (!claim.overwrite()) {
      ConfigurationException refusal =
          OutputDirectory.unusable(
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
  private void refuseForeign() {
    Optional<String> foreign = firstOwn();
    boolean leftByConvoy = claim.overwrite() && SummaryFile.identity(directory).isPresent();
    if (foreign.isPresent() && directory.holds(PREPARED)) {
      throw OutputDirectory.unusable(
          claim.location(),
          "an empty directory or this run's own",
          "found prepared images",
          "; to train on these, add data.format=shards data.train=" + claim.location() + "/train.");
    }
    if (foreign.isPresent() && !leftByConvoy) {
      throw OutputDirectory.unusable(
          claim.location(),
          "an empty directory or this run's own",
          "found " + foreign.get() + " without the config.conf of a run",
          ", or move it away.");
    }
  }

  /** The first name in the directory that Convoy would write. */
  private Optional<String> firstOwn() {
    return OWN.stream().filter(directory::holds).findFirst();
  }

  /** Whether a command failed before it trained anything, such as at a wrong data.train. */
  private boolean isUntrained() throws IOException {
    for (String name : OWN) {
      if (directory.holds(name)
          && holdsSomethingTrained(directory.files().getFileStatus(directory.child(name)))) {
        return false;
      }
    }
    return true;
  }

  private boolean holdsSomethingTrained(FileStatus file) throws IOException {
    if (!file.isDirectory()) {
      return TRAINED.matcher(file.getPath().getName()).matches();
    }
    for (FileStatus child : directory.files().listStatus(file.getPath())) {
      if (holdsSomethingTrained(child)) {
        return true;
      }
    }
    return false;
  }

  /** Throws away all that Convoy wrote, but for the configuration. */
  static void discardContent(DirectoryFiles directory) {
    OWN.forEach(directory::delete);
  }

  /** Why the summary that is there is not this claim's, if it is not. */
  private Optional<String> summaryProblem() {
    if (!directory.holds(SummaryFile.NAME)) {
      return Optional.empty();
    }
    Optional<RunIdentity> identity = SummaryFile.identity(directory);
    if (identity.isEmpty()) {
      return Optional.of(
          SummaryFile.NAME + ": found one that Convoy did not write, or that was changed since");
    }
    return RunIdentity.of(claim.text()).isRefused(identity.get())
        ? Optional.of(SummaryFile.NAME + ": found that of another configuration")
        : Optional.empty();
  }

  /** In which keys what the directory holds differs, a line each, and not too many. */
  private List<String> differences(String held) {
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
}
