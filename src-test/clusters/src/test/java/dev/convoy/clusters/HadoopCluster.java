package dev.convoy.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * A YARN with two node managers and an HDFS with two datanodes, all of them in this process; YARN's
 * containers are processes of their own, which this process has started.
 */
final class HadoopCluster implements AutoCloseable {
  private static final int NODES = 2;
  private static final int NODE_MEGABYTES = 8192;
  private static final String RACKS = "net.topology.node.switch.mapping.impl";
  private static final String QUEUES = "yarn.scheduler.capacity.";
  private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d+)\\.bin");
  private static final Pattern DRIVER = Pattern.compile("container_.*_000001");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MiniDFSCluster storage;
  private final MiniYARNCluster yarn;
  private final FileSystem files;
  private final java.nio.file.Path configuration;

  /** Starts it; what it writes lies in a directory. */
  HadoopCluster(java.nio.file.Path directory) {
    try {
      Configuration hdfs = new Configuration();
      hdfs.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.resolve("hdfs").toString());
      hdfs.setInt("dfs.replication", NODES);
      storage = new MiniDFSCluster.Builder(hdfs).numDataNodes(NODES).build();
      storage.waitActive();
      files = storage.getFileSystem();

      YarnConfiguration conf = new YarnConfiguration(hdfs);
      conf.set(FileSystem.FS_DEFAULT_NAME_KEY, files.getUri().toString());
      conf.setInt("yarn.scheduler.minimum-allocation-mb", 64);
      conf.setInt("yarn.minicluster.yarn.nodemanager.resource.memory-mb", NODE_MEGABYTES);
      conf.setInt("yarn.nodemanager.resource.cpu-vcores", 8);
      // What a container takes is watched, in memory that is there.
      conf.setBoolean("yarn.nodemanager.pmem-check-enabled", true);
      conf.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
      conf.setFloat(
          "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", 100);
      conf.set(QUEUES + "root.queues", "default");
      conf.set(QUEUES + "root.default.capacity", "100");
      conf.set(QUEUES + "maximum-am-resource-percent", "1.0");
      conf.set("yarn.application.classpath", "");
      conf.setInt("yarn.resourcemanager.am.max-attempts", 1000);
      yarn = new MiniYARNCluster("convoy", 1, NODES, 1, 1);
      yarn.init(conf);
      yarn.start();

      configuration = Files.createDirectories(directory.resolve("hadoop"));
      Configuration clients = new Configuration(yarn.getConfig());
      // Racks of the test's own, which only its own process knows.
      clients.set(RACKS, "org.apache.hadoop.net.ScriptBasedMapping");
      write("yarn-site.xml", clients);
      Configuration core = new Configuration(false);
      core.set(FileSystem.FS_DEFAULT_NAME_KEY, files.getUri().toString());
      core.setInt("dfs.replication", NODES);
      write("core-site.xml", core);
      write("hdfs-site.xml", core);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, Configuration values) throws IOException {
    try (OutputStream out = Files.newOutputStream(configuration.resolve(name))) {
      values.writeXml(out);
    }
  }

  /** Where its clients find its addresses. */
  java.nio.file.Path configuration() {
    return configuration;
  }

  /** The address of its HDFS. */
  URI uri() {
    return files.getUri();
  }

  /** Copies a local file or directory into a directory of the HDFS, which is made. */
  void upload(java.nio.file.Path local, String directory) {
    try {
      files.mkdirs(new Path(directory));
      files.copyFromLocalFile(new Path(local.toUri()), new Path(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a directory of the HDFS to one of this machine that is not there yet. */
  void download(String directory, java.nio.file.Path local) {
    try {
      files.copyToLocalFile(false, new Path(directory), new Path(local.toUri()), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names in a directory; none where there is no such directory. */
  List<String> names(String directory) {
    try {
      Path path = new Path(directory);
      return files.exists(path)
          ? Arrays.stream(files.listStatus(path)).map(file -> file.getPath().getName()).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of JSON. */
  JsonNode json(String file) {
    try (InputStream in = files.open(new Path(file))) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many rounds a run's latest checkpoint has behind it; 0 without one. */
  int checkpointedRounds(String output) {
    int rounds = 0;
    for (String name : names(output + "/checkpoints")) {
      Matcher matcher = CHECKPOINT.matcher(name);
      if (matcher.matches()) {
        rounds = Math.max(rounds, Integer.parseInt(matcher.group(1)));
      }
    }
    return rounds;
  }

  /** What the last driver in an application master says: a file; empty if there was none. */
  Optional<java.nio.file.Path> latestDriverLog() {
    List<java.nio.file.Path> logs = new ArrayList<>();
    for (int node = 0; node < NODES; node++) {
      String directories = yarn.getNodeManager(node).getConfig().get(YarnConfiguration.NM_LOG_DIRS);
      for (String directory : directories.split(",", -1)) {
        try (Stream<java.nio.file.Path> files = Files.walk(java.nio.file.Path.of(directory))) {
          files
              .filter(file -> file.endsWith("stderr"))
              .filter(file -> DRIVER.matcher(container(file)).matches())
              .forEach(logs::add);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return logs.stream().max(Comparator.comparing(HadoopCluster::container));
  }

  /** Names of containers are in the order of applications and their attempts. */
  private static String container(java.nio.file.Path log) {
    return log.getParent().getFileName().toString();
  }

  /** Stops a datanode and starts it anew; its blocks are gone meanwhile. */
  void restartDatanode(int index) {
    try {
      storage.restartDataNode(index, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Delays what is asked of the namenode, until this is closed. */
  SlowNamenode slowNamenode() {
    return new SlowNamenode(storage.getNamesystem());
  }

  /** The processes of containers whose command names a class. */
  static Stream<ProcessHandle> containers(String className) {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> CommandLines.isJavaOf(process, className));
  }

  @Override
  public void close() {
    yarn.stop();
    storage.shutdown(true);
  }
}
