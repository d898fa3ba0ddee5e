package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.Text;
import dev.convoy.data.source.Quarantined;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.HeldConfiguration.State;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every file that a directory reads back, damaged in thousands of ways: none is believed. */
@Timeout(300)
class DamagedFilesTest {
  private static final long SEED = 20_261;
  private static final int IN_DIRECTORIES = 20;
  private static final Configuration HADOOP = new Configuration(false);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temporary;
  private static Level before;

  /** Each damage is said in a line; thousands of them would hide everything else. */
  @BeforeAll
  static void beQuiet() {
    before = LogManager.getLogger(OutputDirectory.class).getLevel();
    Configurator.setLevel("dev.convoy.driver.directory", Level.ERROR);
  }

  @AfterAll
  static void beAsLoudAsBefore() {
    Configurator.setLevel("dev.convoy.driver.directory", before);
  }

  @Test
  void aDamagedCheckpointIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CheckpointFormat.write(Checkpoints.checkpoint(7), out);
    byte[] whole = out.toByteArray();
    Damage damage = new Damage(SEED);
    for (int i = 0; i < Damage.count(); i++) {
      byte[] damaged = damage.of(whole);
      Optional<Checkpoint> read = read(damaged, i);
      assertThat(read.isPresent()).as("damage %d", i).isEqualTo(Arrays.equals(damaged, whole));
    }
  }

  /** As if the program that wrote it were wrong: the checksum fits what is there. */
  @Test
  void aCheckpointWhoseHeaderMakesNoSenseIsRefusedOrWhole() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CheckpointFormat.write(Checkpoints.checkpoint(7), out);
    byte[] whole = out.toByteArray();
    int header = ByteBuffer.wrap(whole).getInt(Long.BYTES);
    int start = Long.BYTES + Integer.BYTES;
    Damage damage = new Damage(SEED);
    int believed = 0;
    for (int i = 0; i < Damage.count(); i++) {
      byte[] damaged = damage.of(Arrays.copyOfRange(whole, start, start + header));
      ByteBuffer file = ByteBuffer.allocate(whole.length - header + damaged.length);
      file.put(whole, 0, Long.BYTES).putInt(damaged.length).put(damaged);
      file.put(whole, start + header, whole.length - start - header - Long.BYTES);
      CRC32C checksum = new CRC32C();
      checksum.update(file.array(), 0, file.position());
      file.putLong(checksum.getValue());
      Optional<Checkpoint> read = read(file.array(), i);
      if (read.isPresent()) {
        Checkpoint checkpoint = read.get();
        assertThat(checkpoint.state().parameters()).isNotEmpty();
        assertThat(checkpoint.metrics().written()).isNotNegative();
        assertThat(checkpoint.state().position().epoch()).isNotNegative();
        assertThat(checkpoint.state().totals().rounds()).isNotNegative();
        believed++;
      }
    }
    assertThat(believed).as("both happen").isBetween(1, Damage.count() - 1);
  }

  private static Optional<Checkpoint> read(byte[] file, int number) {
    try {
      return Optional.of(CheckpointFormat.read(() -> new ByteArrayInputStream(file), file.length));
    } catch (IOException e) {
      assertThat(Text.firstLine(e)).as("damage %d", number).isNotBlank();
      return Optional.empty();
    }
  }

  @Test
  void aDamagedSummaryIsRefused() throws IOException {
    RunConfiguration run = Experiments.of(temporary.resolve("run"));
    Path file = temporary.resolve("run/summary.json");
    JsonNode summary;
    try (RunDirectory directory = RunDirectory.open(run, HADOOP, () -> {})) {
      ObjectNode written = Checkpoints.summaryOf(run.text());
      written.putObject("best").put("epoch", 5).put("validation-loss", 0.03);
      written.put("größer", "a\nb").put("rounds", 48).put("nan", Double.NaN);
      directory.writeSummary(written);
      summary = directory.summary().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(file);
    Damage damage = new Damage(SEED);
    for (int i = 0; i < Damage.count(); i++) {
      byte[] damaged = damage.of(whole);
      Optional<JsonNode> read = SummaryFile.parse(new String(damaged, StandardCharsets.UTF_8));
      if (read.isPresent()) {
        assertThat(read.get()).as("damage %d", i).isEqualTo(summary);
      } else if (i < IN_DIRECTORIES) {
        Files.write(file, damaged);
        assertThatThrownBy(() -> RunDirectory.open(run, HADOOP, () -> {}))
            .isInstanceOf(ConfigurationException.class)
            .hasMessageContaining("summary.json: found ");
        assertThat(RunDirectory.ifEnded(run, HADOOP)).isEmpty();
      }
    }
  }

  @Test
  void aDamagedConfigurationIsRefused() throws IOException {
    RunConfiguration run = Experiments.of(temporary.resolve("run"));
    Path file = temporary.resolve("run/config.conf");
    RunDirectory.open(run, HADOOP, () -> {}).close();
    byte[] whole = Files.readAllBytes(file);
    assertThat(HeldConfiguration.parse(new String(whole, StandardCharsets.UTF_8)).state())
        .isEqualTo(State.INTACT);
    Damage damage = new Damage(SEED);
    for (int i = 0; i < Damage.count(); i++) {
      byte[] damaged = damage.of(whole);
      String content = new String(damaged, StandardCharsets.UTF_8);
      HeldConfiguration read = HeldConfiguration.parse(content);
      if (read.state() == State.INTACT) {
        assertThat(read.text()).as("damage %d", i).isEqualTo(run.text().written());
      } else if (i < IN_DIRECTORIES) {
        Files.write(file, damaged);
        assertThatThrownBy(() -> RunDirectory.open(run, HADOOP, () -> {}))
            .isInstanceOf(ConfigurationException.class)
            .hasMessageContaining("config.conf");
        assertThat(file).hasBinaryContent(damaged);
      }
    }
  }

  @Test
  void ofADamagedLogOnlyWhatWasWrittenIsRead() throws IOException {
    List<JsonNode> records = records(40);
    byte[] whole = text(records);
    Path file = temporary.resolve("lines.jsonl");
    Damage damage = new Damage(SEED);
    try (OutputDirectory directory = OutputDirectory.at("file://" + temporary, HADOOP);
        Journal log = new Journal(directory, "lines.jsonl")) {
      int lines = 0;
      // Each file has forty records.
      for (int i = 0; i < Math.max(1, Damage.count() / 4); i++) {
        Files.write(file, damage.of(whole));
        List<JsonNode> read =
            log.read(
                line ->
                    RecordChecksum.verified(line)
                        .orElseThrow(() -> new IllegalArgumentException("checksum")));
        List<JsonNode> contents =
            records.stream()
                .map(record -> (JsonNode) RecordChecksum.verified(record).orElseThrow())
                .toList();
        if (!read.isEmpty()) {
          assertThat(contents).as("damage %d", i).containsSubsequence(read);
          lines += read.size();
        }
      }
      assertThat(lines).as("lines that are whole are read").isPositive();
    }
  }

  @Test
  void ofDamagedMetricsOnlyWhatWasWrittenIsRead() throws IOException {
    RunConfiguration run = Experiments.of(temporary.resolve("run"));
    List<JsonNode> records = records(40);
    byte[] whole = text(records);
    Path file = temporary.resolve("run/metrics.jsonl");
    Damage damage = new Damage(SEED);
    try (RunDirectory directory = RunDirectory.open(run, HADOOP, () -> {})) {
      int read = 0;
      for (int i = 0; i < Math.max(1, Damage.count() / 4); i++) {
        Files.write(file, damage.of(whole));
        List<JsonNode> lines = directory.metrics("validation", line -> line);
        assertThat(lines)
            .as("damage %d", i)
            .allSatisfy(line -> assertThat(whole(line)).isIn(records));
        read += lines.size();
      }
      assertThat(read).as("lines that are whole are read").isPositive();
    }
  }

  @Test
  void ofADamagedQuarantineOnlyWhatWasWrittenIsRead() throws IOException {
    RunConfiguration run = Experiments.of(temporary.resolve("run"));
    Path file = temporary.resolve("run/quarantine.jsonl");
    Damage damage = new Damage(SEED);
    try (RunDirectory directory = RunDirectory.open(run, HADOOP, () -> {})) {
      Set<String> paths = new TreeSet<>();
      List<Quarantined> images = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        paths.add("größer/" + i + ".png");
        images.add(new Quarantined("größer/" + i + ".png", "not an image"));
      }
      directory.writeQuarantine(images);
      assertThat(directory.quarantinedPaths()).isEqualTo(paths);
      byte[] whole = Files.readAllBytes(file);
      int read = 0;
      for (int i = 0; i < Math.max(1, Damage.count() / 4); i++) {
        Files.write(file, damage.of(whole));
        Set<String> found = directory.quarantinedPaths();
        assertThat(paths).as("damage %d", i).containsAll(found);
        read += found.size();
      }
      assertThat(read).as("lines that are whole are read").isPositive();
    }
  }

  private static JsonNode whole(JsonNode content) {
    return RecordChecksum.add(content.deepCopy());
  }

  private static List<JsonNode> records(int count) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ObjectNode record = JsonNodeFactory.instance.objectNode().put("type", "validation");
      record.put("epoch", i).put("loss", 1.0 / (i + 3)).put("name", "größer " + i);
      records.add(JSON.readTree(RecordChecksum.add(record).toString()));
    }
    return records;
  }

  private static byte[] text(List<JsonNode> records) {
    StringBuilder text = new StringBuilder();
    records.forEach(record -> text.append(record).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aDamagedLockNamesNobodyOrAHolderInOneLine() {
    LockHolder holder = LockHolder.here("train");
    byte[] whole = holder.toJson().getBytes(StandardCharsets.UTF_8);
    Damage damage = new Damage(SEED);
    int named = 0;
    for (int i = 0; i < Damage.count(); i++) {
      String content = new String(damage.of(whole), StandardCharsets.UTF_8);
      Optional<LockHolder> read = LockHolder.parse(content);
      if (read.isPresent()) {
        assertThat(read.get().description()).doesNotContain("\n", "\u0000");
        assertThat(read.get().command()).doesNotContain("\n", "\u0000");
        named++;
      }
    }
    assertThat(named).as("both happen").isBetween(1, Damage.count() - 1);
  }
}
