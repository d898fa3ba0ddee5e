package dev.convoy.driver.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.RunConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Directories on HDFS: a name node and a data node in this process. */
@Timeout(120)
class HdfsDirectoryTest {
  @TempDir static Path temporary;
  private static MiniDFSCluster cluster;
  private static Configuration hadoop;
  private static String root;
  private static final List<OutputDirectory> ABANDONED = new ArrayList<>();
  private static final Locale USERS = Locale.getDefault();

  @BeforeAll
  static void start() throws IOException {
    // A name node writes its files with the locale's digits, and then looks for others.
    Locale.setDefault(Locale.ROOT);
    // Clients that are gone, and how the node notices, are what is tested here.
    Configurator.setLevel("org.apache.hadoop", Level.OFF);
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, temporary.toString());
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    cluster.waitActive();
    hadoop = new Configuration(configuration);
    root = cluster.getFileSystem().getUri().toString();
  }

  @AfterAll
  static void stop() {
    // Their clients would ask for a node that is no more.
    ABANDONED.forEach(OutputDirectory::close);
    cluster.shutdown();
    Locale.setDefault(USERS);
    Configurator.setLevel("org.apache.hadoop", Level.WARN);
  }

  private static JsonNode line(int number) {
    return JsonNodeFactory.instance.objectNode().put("number", number);
  }

  /** The dead client still has the lease of the file, which append respects. */
  @Test
  void aLogGoesOnRightAfterItsWriterWasKilled() throws IOException {
    OutputDirectory killed = OutputDirectory.at(root + "/search", hadoop);
    ABANDONED.add(killed);
    Journal before = new Journal(killed, "trials.jsonl");
    before.append(line(1));
    before.append(line(2));
    for (int attempt = 3; attempt <= 5; attempt++) {
      OutputDirectory directory = OutputDirectory.at(root + "/search", hadoop);
      ABANDONED.add(directory);
      Journal log = new Journal(directory, "trials.jsonl");
      assertThat(log.read()).hasSize(attempt - 1);
      log.append(line(attempt));
    }
    try (OutputDirectory directory = OutputDirectory.at(root + "/search", hadoop);
        Journal log = new Journal(directory, "trials.jsonl")) {
      assertThat(log.read()).containsExactly(line(1), line(2), line(3), line(4), line(5));
    }
  }

  @Test
  void aRunGoesOnAndItsLockIsRespected() throws IOException {
    RunConfiguration run = Experiments.of(temporary, "output=\"" + root + "/run\"");
    try (DirectoryLock lock = DirectoryLock.acquire(root + "/run", hadoop, "train");
        RunDirectory directory = RunDirectory.open(run, hadoop, lock::checkHeld)) {
      directory.write(Checkpoints.checkpoint(1));
      directory.write(Checkpoints.checkpoint(2));
      assertThatThrownBy(() -> DirectoryLock.acquire(root + "/run", hadoop, "train"))
          .isInstanceOf(DirectoryInUseException.class);
    }
    try (DirectoryLock lock = DirectoryLock.acquire(root + "/run", hadoop, "train");
        RunDirectory directory = RunDirectory.open(run, hadoop, lock::checkHeld)) {
      CheckpointFormatTest.assertSame(
          directory.latestCheckpoint().orElseThrow(), Checkpoints.checkpoint(2));
      directory.writeSummary(Checkpoints.summaryOf(run.text()));
    }
    assertThat(RunDirectory.ifEnded(run, hadoop)).isPresent();
  }
}
