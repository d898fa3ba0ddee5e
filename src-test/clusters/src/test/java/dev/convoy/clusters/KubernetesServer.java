package dev.convoy.clusters;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * The interface of a Kubernetes on the loopback address: fabric8's mock server, which keeps what it
 * is given, and starts nothing. What comes in is held against the schema of the interface.
 */
final class KubernetesServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Who asks, in requests of the test's own. */
  private static final String TEST = "test";

  private final KubernetesMockServer server;
  private final NamespacedKubernetesClient client;
  private final Dispatcher dispatcher = new Dispatcher();

  KubernetesServer() {
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), dispatcher, false);
    server.init();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://localhost:" + server.getPort())
                    .withNamespace("default")
                    .withUserAgent(TEST)
                    .build())
            .build()
            .adapt(NamespacedKubernetesClient.class);
  }

  /** What spark-submit is given as master. */
  String master() {
    return "k8s://http://localhost:" + server.getPort();
  }

  NamespacedKubernetesClient client() {
    return client;
  }

  /** The pods of a role, "driver" or "executor". */
  List<Pod> pods(String role) {
    return client.pods().withLabel("spark-role", role).list().getItems();
  }

  List<ConfigMap> configMaps() {
    return client.configMaps().list().getItems();
  }

  /** What Spark has done, such as "create pods". */
  Set<String> actions() {
    return dispatcher.actions();
  }

  /** What was found wrong with what came in, one line each. */
  List<String> problems() {
    return dispatcher.problems();
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }

  /** Knows what the mock server does not: server-side apply, which Spark submits with. */
  private static final class Dispatcher extends KubernetesCrudDispatcher {
    private static final String APPLY = "application/apply-patch+yaml";

    private static final Pattern PATH =
        Pattern.compile("/(?:api/v1|apis/[^/]+/[^/]+)/namespaces/[^/]+/([^/?]+)(/[^?]+)?(\\?.*)?");

    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final Set<String> actions = new ConcurrentSkipListSet<>();

    List<String> problems() {
      return problems;
    }

    Set<String> actions() {
      return actions;
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      Matcher path = PATH.matcher(request.getPath());
      if (!TEST.equals(request.getHeader("User-Agent"))) {
        if (path.matches()) {
          boolean isOne = path.group(2) != null;
          boolean isWatch = String.valueOf(path.group(3)).contains("watch=true");
          actions.add(verb(request.getMethod(), isOne, isWatch) + " " + path.group(1));
        } else {
          actions.add(request.getRequestLine());
        }
      }
      return super.dispatch(request);
    }

    /** As a role names it. */
    private static String verb(String method, boolean isOne, boolean isWatch) {
      return switch (method) {
        case "GET" -> isWatch ? "watch" : isOne ? "get" : "list";
        case "POST" -> "create";
        case "PUT" -> "update";
        case "PATCH" -> "patch";
        case "DELETE" -> isOne ? "delete" : "deletecollection";
        default -> throw new IllegalArgumentException(method);
      };
    }

    @Override
    public MockResponse handleCreate(RecordedRequest request) {
      try {
        ObjectNode object = (ObjectNode) JSON.readTree(request.getBody().clone().readUtf8());
        problems.addAll(KubernetesSchema.problems(object));
        if (object.path("kind").asText().equals("Pod")) {
          object.putObject("status").put("phase", "Pending");
        }
        Buffer body = new Buffer().writeUtf8(object.toString());
        return super.handleCreate(as("POST", request.getPath(), request, body));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public MockResponse handlePatch(RecordedRequest request) {
      String type = request.getHeader("Content-Type");
      if (type == null || !type.startsWith(APPLY)) {
        return super.handlePatch(request);
      }
      String path = request.getPath().replaceFirst("\\?.*", "");
      boolean isThere =
          handleGet(path).getStatus().contains(String.valueOf(HttpURLConnection.HTTP_OK));
      Buffer body = request.getBody().clone();
      return isThere
          ? handleUpdate(as("PUT", path, request, body))
          : handleCreate(as("POST", path.substring(0, path.lastIndexOf('/')), request, body));
    }

    private static RecordedRequest as(
        String method, String path, RecordedRequest request, Buffer body) {
      return new RecordedRequest(
          method + " " + path + " HTTP/1.1",
          request.getHeaders(),
          request.getChunkSizes(),
          body.size(),
          body,
          request.getSequenceNumber(),
          new Socket());
    }
  }
}
