package dev.convoy.clusters;

import dev.convoy.Application;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A node for executors: each pod is a process of this machine, which the image's entrypoint starts
 * with the pod's arguments and environment. In place of a file system of its own it has names of
 * files changed.
 */
final class KubernetesNode implements AutoCloseable {
  private static final String ADDRESS = "127.0.0.1";

  private final KubernetesServer server;
  private final Path directory;
  private final Map<String, String> files;
  private final Map<String, Process> processes = new ConcurrentHashMap<>();
  private final List<CompletableFuture<Void>> ends = new CopyOnWriteArrayList<>();
  private final Watch watch;

  /**
   * Waits for pods.
   *
   * @param directory for what their processes say
   * @param files where things of the image are on this machine, by their place in the image
   */
  KubernetesNode(KubernetesServer server, Path directory, Map<String, String> files) {
    this.server = server;
    this.directory = directory;
    this.files = files;
    watch =
        server
            .client()
            .pods()
            .withLabel("spark-role", "executor")
            .watch(
                new Watcher<Pod>() {
                  @Override
                  public void eventReceived(Action action, Pod pod) {
                    if (action == Action.ADDED) {
                      start(pod);
                    } else if (action == Action.DELETED) {
                      end(pod);
                    }
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    throw new IllegalStateException(cause);
                  }
                });
  }

  /** The pods whose processes live. */
  List<String> living() {
    return processes.entrySet().stream()
        .filter(entry -> entry.getValue().isAlive())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Kills a pod's process, as when it takes too much memory. */
  void kill(String pod) {
    processes.get(pod).destroyForcibly();
  }

  /** Has a pod's process end as when its node is drained: by what the pod asks for before that. */
  void drain(String pod) throws IOException, InterruptedException {
    Container container =
        server.client().pods().withName(pod).get().getSpec().getContainers().get(0);
    List<String> command = container.getLifecycle().getPreStop().getExec().getCommand();
    List<String> local = new ArrayList<>(command.stream().map(this::onThisMachine).toList());
    local.add(Long.toString(processes.get(pod).pid()));
    Process script = new ProcessBuilder(local).inheritIO().start();
    if (script.waitFor() != 0) {
      throw new AssertionError(local + " ended with " + script.exitValue());
    }
  }

  /** What a pod's process has said. */
  String log(String pod) {
    try {
      return Files.readString(directory.resolve(pod + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start(Pod pod) {
    String name = pod.getMetadata().getName();
    Container container = pod.getSpec().getContainers().get(0);
    List<String> command = new ArrayList<>();
    command.add(Application.home().resolve("submit-scripts/kubernetes/entrypoint").toString());
    command.addAll(container.getArgs());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", System.getProperty("user.home"));
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_HOME", onThisMachine("/opt/spark"));
    for (EnvVar variable : container.getEnv()) {
      environment.put(variable.getName(), value(variable, name));
    }
    try {
      builder.directory(Files.createDirectories(directory.resolve(name)).toFile());
      Process process = builder.start();
      processes.put(name, process);
      setPhase(name, "Running");
      ends.add(
          process
              .onExit()
              .thenAccept(
                  ended -> setPhase(name, ended.exitValue() == 0 ? "Succeeded" : "Failed")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String value(EnvVar variable, String pod) {
    if (variable.getValueFrom() == null) {
      return onThisMachine(variable.getValue() == null ? "" : variable.getValue());
    }
    String field = variable.getValueFrom().getFieldRef().getFieldPath();
    return switch (field) {
      case "status.podIP" -> ADDRESS;
      case "metadata.name" -> pod;
      default -> throw new IllegalArgumentException(field);
    };
  }

  private String onThisMachine(String text) {
    String local = text;
    for (Map.Entry<String, String> file : files.entrySet()) {
      local = local.replace(file.getKey(), file.getValue());
    }
    return local;
  }

  private void setPhase(String pod, String phase) {
    var resource = server.client().pods().withName(pod);
    if (resource.get() != null) {
      resource.editStatus(
          now ->
              new PodBuilder(now)
                  .editOrNewStatus()
                  .withPhase(phase)
                  .withPodIP(ADDRESS)
                  .endStatus()
                  .build());
    }
  }

  private void end(Pod pod) {
    Process process = processes.get(pod.getMetadata().getName());
    if (process != null) {
      process.destroy();
    }
  }

  @Override
  public void close() {
    watch.close();
    for (Process process : processes.values()) {
      process.destroyForcibly();
    }
    ends.forEach(CompletableFuture::join);
  }
}
