package dev.convoy.clusters;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The schema of Kubernetes' interface, as its official Java client has it: the classes are
 * generated from the OpenAPI description, and refuse fields that it does not name, values of
 * another type, and objects without a field that it requires.
 */
final class KubernetesSchema {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  /** The kinds that occur, with the version that the classes describe. */
  private static final Map<String, String> VERSIONS =
      Map.of(
          "Pod", "v1",
          "Service", "v1",
          "ConfigMap", "v1",
          "ServiceAccount", "v1",
          "PersistentVolumeClaim", "v1",
          "CronJob", "batch/v1",
          "Role", "rbac.authorization.k8s.io/v1",
          "RoleBinding", "rbac.authorization.k8s.io/v1");

  private KubernetesSchema() {}

  /** The documents of a manifest. */
  static List<JsonNode> read(Path manifest) {
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(manifest.toFile())) {
      return documents.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(manifest.toString(), e);
    }
  }

  /** What is wrong with an object; empty if nothing is. */
  static List<String> problems(JsonNode object) {
    String kind = object.path("kind").asText();
    String version = object.path("apiVersion").asText();
    if (!version.equals(VERSIONS.get(kind))) {
      return List.of("unexpected " + kind + " of " + version);
    }
    try {
      Class.forName("io.kubernetes.client.openapi.models.V1" + kind)
          .getMethod("validateJsonElement", JsonElement.class)
          .invoke(null, JsonParser.parseString(object.toString()));
      return List.of();
    } catch (InvocationTargetException e) {
      return List.of(kind + ": " + e.getCause().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the classes of Kubernetes' Java client", e);
    }
  }
}
