package dev.convoy.clusters;

import dev.convoy.Application;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A node: each pod is a process of this machine, which the image's entrypoint starts with the pod's
 * arguments and environment. In place of a file system of its own it has names of files changed,
 * and in place of the cluster's names of services localhost.
 */
final class KubernetesNode implements AutoCloseable {
  private static final String ADDRESS = "127.0.0.1";
  private static final String SERVICE = "[a-z0-9-]+-driver-svc\\.default\\.svc";
  private static final Duration LIMIT = Duration.ofMinutes(1);

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
            .withLabel("spark-role")
            .watch(
                new Watcher<Pod>() {
                  @Override
                  public void eventReceived(Action action, Pod pod) {
                    if (action == Action.ADDED) {
                      ends.add(CompletableFuture.runAsync(() -> start(pod)));
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

  /** The pods of a role whose processes live. */
  List<String> living(String role) {
    List<String> pods = server.pods(role).stream().map(pod -> pod.getMetadata().getName()).toList();
    return processes.entrySet().stream()
        .filter(entry -> pods.contains(entry.getKey()) && entry.getValue().isAlive())
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
    List<String> local = new ArrayList<>(command.stream().map(part -> moved(part, files)).toList());
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
    List<Volume> maps =
        pod.getSpec().getVolumes().stream()
            .filter(volume -> volume.getConfigMap() != null)
            .toList();
    Map<String, String> places = new HashMap<>(files);
    maps.forEach(map -> places.put(mountPath(container, map), folder(name, map).toString()));
    maps.forEach(map -> write(map, folder(name, map), places));
    List<String> command = new ArrayList<>();
    command.add(Application.home().resolve("submit-scripts/kubernetes/entrypoint").toString());
    container.getArgs().forEach(argument -> command.add(moved(argument, places)));
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
    environment.put("SPARK_HOME", moved("/opt/spark", places));
    for (EnvVar variable : container.getEnv()) {
      environment.put(variable.getName(), value(variable, name, places));
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

  private static String mountPath(Container container, Volume volume) {
    return container.getVolumeMounts().stream()
        .filter(mount -> mount.getName().equals(volume.getName()))
        .findFirst()
        .orElseThrow()
        .getMountPath();
  }

  private Path folder(String pod, Volume map) {
    return directory.resolve(pod).resolve(map.getName());
  }

  /** Writes a config map's files; it may come after the pod, which waits for it. */
  private void write(Volume volume, Path folder, Map<String, String> places) {
    ConfigMap map =
        server
            .client()
            .configMaps()
            .withName(volume.getConfigMap().getName())
            .waitUntilCondition(Objects::nonNull, LIMIT.toSeconds(), TimeUnit.SECONDS);
    try {
      Files.createDirectories(folder);
      for (var item : volume.getConfigMap().getItems()) {
        String content = moved(map.getData().get(item.getKey()), places);
        Files.writeString(folder.resolve(item.getPath()), content.replaceAll(SERVICE, "localhost"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String value(EnvVar variable, String pod, Map<String, String> places) {
    if (variable.getValueFrom() == null) {
      return moved(variable.getValue() == null ? "" : variable.getValue(), places);
    }
    String field = variable.getValueFrom().getFieldRef().getFieldPath();
    return switch (field) {
      case "status.podIP" -> ADDRESS;
      case "metadata.name" -> pod;
      default -> throw new IllegalArgumentException(field);
    };
  }

  /** A text with places on this machine instead of those in the image, the longest first. */
  private static String moved(String text, Map<String, String> places) {
    String moved = text;
    for (String place :
        places.keySet().stream().sorted(Comparator.comparing(String::length).reversed()).toList()) {
      moved = moved.replace(place, places.get(place));
    }
    return moved;
  }

  /** A pod that has been deleted, which may happen meanwhile, has no phase. */
  private void setPhase(String pod, String phase) {
    try {
      server
          .client()
          .pods()
          .withName(pod)
          .editStatus(
              now ->
                  new PodBuilder(now)
                      .editOrNewStatus()
                      .withPhase(phase)
                      .withPodIP(ADDRESS)
                      .withConditions(
                          new PodConditionBuilder()
                              .withType("Ready")
                              .withStatus(phase.equals("Running") ? "True" : "False")
                              .build())
                      .endStatus()
                      .build());
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
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
