package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.Application;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests that are shipped, against the schema of Kubernetes' interface. */
class KubernetesManifestsTest {
  private static Path directory() {
    return Application.home().resolve("submit-scripts");
  }

  static List<Path> manifests() {
    try (Stream<Path> files = Files.walk(directory())) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode only(String manifest, String kind) {
    return KubernetesSchema.read(directory().resolve(manifest)).stream()
        .filter(document -> document.get("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyManifestIsAsTheSchemaHasIt(Path manifest) {
    List<JsonNode> documents = KubernetesSchema.read(manifest);
    assertThat(documents).isNotEmpty();
    assertThat(documents).allSatisfy(one -> assertThat(KubernetesSchema.problems(one)).isEmpty());
  }

  @Test
  void theSchemaRefusesWhatItDoesNotName() {
    ObjectNode pod = only("kubernetes/executor-pod.yaml", "Pod").deepCopy();
    ((ObjectNode) pod.at("/spec/securityContext")).put("runAsNonRot", true);
    assertThat(KubernetesSchema.problems(pod)).singleElement().asString().contains("runAsNonRot");
  }

  @Test
  void theSchemaRefusesWhatLacksARequiredField() {
    ObjectNode pod = only("kubernetes/executor-pod.yaml", "Pod").deepCopy();
    ((ObjectNode) pod.at("/spec/containers/0")).remove("name");
    assertThat(KubernetesSchema.problems(pod))
        .singleElement()
        .asString()
        .contains("required field `name`");
  }

  @Test
  void podsMeetTheRestrictedStandard() {
    List<JsonNode> pods =
        List.of(
            only("kubernetes/driver-pod.yaml", "Pod").get("spec"),
            only("kubernetes/executor-pod.yaml", "Pod").get("spec"),
            only("kubernetes/search-cronjob.yaml", "CronJob")
                .at("/spec/jobTemplate/spec/template/spec"));
    assertThat(pods).allSatisfy(KubernetesPods::requireRestricted);
  }

  /** What the documentation of Spark on Kubernetes asks for, and no more. */
  @Test
  void theDriversAccountMayDoWhatSparkDoesInItsOwnNamespace() {
    JsonNode role = only("kubernetes/service-account.yaml", "Role");
    assertThat(values(role.get("rules"), "/resources/0"))
        .containsExactly("pods", "configmaps", "services", "persistentvolumeclaims");
    assertThat(role.toString()).doesNotContain("*").doesNotContain("secrets");
    JsonNode binding = only("kubernetes/service-account.yaml", "RoleBinding");
    assertThat(binding.at("/roleRef/name").asText()).isEqualTo(role.at("/metadata/name").asText());
    assertThat(values(binding.get("subjects"), "/name")).containsExactly("convoy");
    assertThat(
            only("kubernetes/search-cronjob.yaml", "CronJob")
                .findValuesAsText("serviceAccountName"))
        .containsExactly("convoy");
  }

  private static List<String> values(JsonNode list, String pointer) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(one -> one.at(pointer).asText())
        .toList();
  }

  /**
   * The job that the controller plans for that time is named after it; a retry has the same name.
   */
  @Test
  void aSweepHasTheDateThatItWasPlannedFor(@TempDir Path directory) throws Exception {
    assertThat(outputOfJob(directory, "convoy-search-28948929")).isEqualTo("runs/2025-01-15");
    assertThat(outputOfJob(directory, "convoy-search-28949760")).isEqualTo("runs/2025-01-16");
    assertThat(outputOfJob(directory, "now")).matches("runs/20\\d\\d-\\d\\d-\\d\\d");
  }

  /** The output directory that the job of that name gives to submit-k8s. */
  private static String outputOfJob(Path directory, String job) throws Exception {
    JsonNode container =
        only("kubernetes/search-cronjob.yaml", "CronJob")
            .at("/spec/jobTemplate/spec/template/spec/containers/0");
    Path script =
        Files.createDirectories(directory.resolve("submit-scripts")).resolve("submit-k8s");
    Files.writeString(script, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.concat(
                        StreamSupport.stream(container.get("command").spliterator(), false),
                        StreamSupport.stream(container.get("args").spliterator(), false))
                    .map(JsonNode::asText)
                    .toList())
            .redirectErrorStream(true);
    builder.environment().put("CONVOY_HOME", directory.toString());
    builder.environment().put("CONVOY_OUTPUT", "runs");
    builder.environment().put("JOB_NAME", job);
    Process process = builder.start();
    List<String> lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as(lines.toString()).isZero();
    assertThat(lines).hasSize(4).startsWith("--client", "search", "/etc/convoy/sweep/sweep.conf");
    return lines.get(3).replaceAll("^output=\"(.*)\"$", "$1");
  }
}
