package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.Runs;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.k8s.KubernetesExecutorConf;
import org.apache.spark.internal.config.package$;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfile$;
import org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/**
 * {@code submit-k8s} in cluster mode: what Spark asks Kubernetes for, and what the driver, with the
 * settings that it is given, then asks for executors.
 */
class KubernetesSubmissionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String IMAGE = "registry.example.com/convoy:0.1.0";
  private static final String MOUNTED = "/opt/spark/conf";

  @TempDir private static Path directory;
  private static KubernetesServer server;
  private static JsonNode driver;
  private static Map<String, String> files;
  private static SparkConf settings;

  @BeforeAll
  static void submit() throws IOException {
    server = new KubernetesServer();
    SparkHome spark = SparkHome.in(directory.resolve("spark"));
    Files.writeString(spark.directory().resolve("conf/core-site.xml"), "<configuration/>");
    Path conf = directory.resolve("experiment");
    Files.createDirectories(conf);
    Files.writeString(conf.resolve("base.conf"), "include \"deeper\"\nname = submitted\n");
    Files.writeString(conf.resolve("deeper.conf"), "include \"reference.conf\"\n");
    Files.copy(Path.of(Runs.experiment("reference.conf")), conf.resolve("reference.conf"));
    // Spark would leave out a file of such a name.
    Path experiment = conf.resolve("spark-mine.conf");
    Files.writeString(experiment, "include \"base.conf\"\ntraining.epochs = 2\n");
    Ended ended =
        run(
            spark,
            "--conf spark.kubernetes.submission.waitAppCompletion=false --conf"
                + " spark.executor.resource.gpu.amount=1 --conf"
                + " spark.executor.resource.gpu.vendor=nvidia.com --conf"
                + " spark.task.resource.gpu.amount=1",
            "train",
            experiment.toString(),
            "output=s3a://bucket/a run");
    assertThat(ended.exitCode()).as(ended.messages()).isZero();
    assertThat(server.pods("driver")).hasSize(1);
    driver = json(server.pods("driver").get(0));
    files =
        server
            .client()
            .configMaps()
            .withName(volume(driver, "spark-conf-volume-driver"))
            .get()
            .getData();
    Properties properties = new Properties();
    properties.load(new StringReader(files.get("spark.properties")));
    settings = new SparkConf(false);
    properties.stringPropertyNames().forEach(key -> settings.set(key, properties.getProperty(key)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Ended run(SparkHome spark, String options, String... arguments) {
    Map<String, String> environment = new HashMap<>();
    environment.put("SPARK_HOME", spark.directory().toString());
    environment.put("KUBERNETES_MASTER", server.master());
    environment.put("CONVOY_SUBMIT_OPTIONS", options);
    environment.put("TMPDIR", directory.toString());
    try (Application submission = Application.startScript("submit-k8s", environment, arguments)) {
      return submission.end();
    }
  }

  private static JsonNode json(HasMetadata object) {
    try {
      return JSON.readTree(Serialization.asJson(object));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The config map of a volume. */
  private static String volume(JsonNode pod, String name) {
    for (JsonNode volume : pod.at("/spec/volumes")) {
      if (volume.get("name").asText().equals(name)) {
        return volume.at("/configMap/name").asText();
      }
    }
    throw new AssertionError("expected a volume " + name + ", found " + pod.at("/spec/volumes"));
  }

  private static JsonNode container(JsonNode pod) {
    assertThat(pod.at("/spec/containers")).hasSize(1);
    return pod.at("/spec/containers/0");
  }

  @Test
  void everythingThatCameInIsAsTheSchemaHasIt() {
    assertThat(server.problems()).isEmpty();
  }

  @Test
  void theDriverIsTheCommandThatWasGiven() {
    List<String> arguments = new ArrayList<>();
    container(driver).get("args").forEach(argument -> arguments.add(argument.asText()));
    assertThat(arguments)
        .containsExactly(
            "driver",
            "--properties-file",
            MOUNTED + "/spark.properties",
            "--class",
            "dev.convoy.driver.Convoy",
            "local:///opt/convoy/convoy.jar",
            "train",
            MOUNTED + "/convoy-experiment.conf",
            "output=s3a://bucket/a run",
            "spark.master=null");
    assertThat(container(driver).has("command")).as("the image's entrypoint").isFalse();
  }

  @Test
  void theConfigurationAndWhatItIncludesAreBeforeTheDriversEyes() {
    assertThat(files)
        .containsOnlyKeys(
            "spark.properties",
            "spark.kubernetes.namespace",
            "core-site.xml",
            "convoy-experiment.conf",
            "base.conf",
            "deeper.conf",
            "reference.conf");
    assertThat(files.get("convoy-experiment.conf")).contains("training.epochs = 2");
    JsonNode mounts = container(driver).get("volumeMounts");
    assertThat(mounts.findValuesAsText("mountPath")).contains(MOUNTED);
  }

  @Test
  void nothingIsLeftOfTheDirectoryThatBroughtThem() throws IOException {
    try (var left = Files.list(directory)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("spark", "experiment");
    }
  }

  @Test
  void whatTheConfigMapCannotHoldIsRefused() throws IOException {
    SparkHome spark = new SparkHome(directory.resolve("spark"));
    Path conf = Files.createDirectories(directory.resolve("experiment/refused"));
    String reference = Files.readString(Path.of(Runs.experiment("reference.conf")));
    Path elsewhere = conf.resolve("elsewhere.conf");
    Files.writeString(elsewhere, "include \"../reference.conf\"\n");
    Ended ended = run(spark, "", "train", elsewhere.toString(), "output=s3a://bucket/run");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.messages())
        .contains("includes files beside it")
        .contains("found ../reference.conf");
    Path large = conf.resolve("large.conf");
    Files.writeString(large, reference + "# large\n".repeat(200_000));
    ended = run(spark, "", "train", large.toString(), "output=s3a://bucket/run");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.messages()).contains("expected at most 1 MB of configuration");
  }

  @Test
  void theDriversPodHasImageAccountLabelsAndWhatItsTemplateSays() {
    assertThat(container(driver).get("image").asText()).isEqualTo(IMAGE);
    assertThat(driver.at("/spec/serviceAccountName").asText()).isEqualTo("convoy");
    assertThat(driver.at("/metadata/labels/app.kubernetes.io~1name").asText()).isEqualTo("convoy");
    assertThat(driver.at("/metadata/labels/spark-role").asText()).isEqualTo("driver");
    assertThat(driver.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(60);
    assertThat(container(driver).at("/resources/limits/ephemeral-storage").asText())
        .isEqualTo("25Gi");
    KubernetesPods.requireRestricted(driver.get("spec"));
  }

  @Test
  void memoryIsHeapAndOverheadOfTheNetwork() {
    Map<String, Integer> sizes =
        PlannedMemory.of("kubernetes", "train", Runs.experiment("reference.conf"));
    assertThat(container(driver).at("/resources/limits/memory").asText())
        .isEqualTo(
            sizes.get("spark.driver.memory") + sizes.get("spark.driver.memoryOverhead") + "Mi");
    assertThat(container(executor(settings)).at("/resources/limits/memory").asText())
        .isEqualTo(
            sizes.get("spark.executor.memory") + sizes.get("spark.executor.memoryOverhead") + "Mi");
  }

  @Test
  void theServiceLeadsToTheDriver() {
    JsonNode service = json(server.client().services().list().getItems().get(0));
    String label = driver.at("/metadata/labels/spark-app-selector").asText();
    assertThat(service.at("/spec/selector/spark-app-selector").asText()).isEqualTo(label);
    assertThat(service.at("/spec/clusterIP").asText()).as("headless").isEqualTo("None");
    assertThat(settings.get("spark.driver.host"))
        .startsWith(service.at("/metadata/name").asText() + ".");
    assertThat(service.at("/metadata/ownerReferences/0/name").asText())
        .isEqualTo(driver.at("/metadata/name").asText());
  }

  @Test
  void anExecutorsPodHasImageAccountLabelsGpusAndWhatItsTemplateSays() {
    JsonNode pod = executor(settings);
    assertThat(KubernetesSchema.problems(pod)).isEmpty();
    JsonNode container = container(pod);
    assertThat(container.get("image").asText()).isEqualTo(IMAGE);
    assertThat(container.at("/args/0").asText()).isEqualTo("executor");
    assertThat(pod.at("/spec/serviceAccountName").asText()).isEqualTo("convoy-executor");
    assertThat(pod.at("/spec/automountServiceAccountToken").isBoolean()).isTrue();
    assertThat(pod.at("/spec/automountServiceAccountToken").asBoolean()).isFalse();
    assertThat(pod.at("/metadata/labels/app.kubernetes.io~1component").asText())
        .isEqualTo("executor");
    assertThat(pod.at("/spec/terminationGracePeriodSeconds").asInt()).isEqualTo(120);
    assertThat(container.at("/resources/limits/nvidia.com~1gpu").asText()).isEqualTo("1");
    assertThat(container.at("/resources/limits/ephemeral-storage").asText()).isEqualTo("55Gi");
    assertThat(container.at("/lifecycle/preStop/exec/command/0").asText())
        .isEqualTo("/opt/convoy/submit-scripts/kubernetes/decommission");
    assertThat(environment(container).get("SPARK_CLASSPATH"))
        .isEqualTo("/opt/convoy/convoy.jar:/opt/convoy/lib/*");
    KubernetesPods.requireRestricted(pod.get("spec"));
  }

  @Test
  void noSecretIsInAPlainEnvironmentOrInTheConfigMap() {
    for (JsonNode pod : List.of(driver, executor(settings))) {
      assertThat(environment(container(pod))).doesNotContainKey("_SPARK_AUTH_SECRET");
      assertThat(container(pod).at("/volumeMounts").findValuesAsText("mountPath"))
          .contains("/etc/convoy/authentication");
      assertThat(pod.at("/spec/volumes").findValuesAsText("secretName"))
          .containsExactly("convoy-authentication");
    }
    assertThat(settings.contains("spark.authenticate.secret")).isFalse();
    assertThat(settings.get("spark.authenticate")).isEqualTo("true");
    assertThat(settings.get("spark.network.crypto.enabled")).isEqualTo("true");
    assertThat(settings.get("spark.io.encryption.enabled")).isEqualTo("true");
  }

  /** So that the test above can fail: this is what Spark does without the file. */
  @Test
  void withoutTheFileSparkWritesTheSecretIntoTheEnvironment() {
    SparkConf without = settings.clone().remove("spark.authenticate.secret.file");
    assertThat(environment(container(executor(without)))).containsKey("_SPARK_AUTH_SECRET");
  }

  private static Map<String, String> environment(JsonNode container) {
    Map<String, String> environment = new HashMap<>();
    container
        .get("env")
        .forEach(one -> environment.put(one.get("name").asText(), one.path("value").asText()));
    return environment;
  }

  /** The pod that a driver with these settings asks for. */
  private static JsonNode executor(SparkConf given) {
    SparkConf conf = given.clone();
    try {
      Path secret = Files.writeString(directory.resolve("experiment/secret"), "of the test");
      if (conf.contains("spark.authenticate.secret.file")) {
        conf.set("spark.authenticate.secret.driver.file", secret.toString());
        conf.set("spark.authenticate.secret.executor.file", "/etc/convoy/authentication/secret");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // The driver finds the template in another config map.
    conf.set(
        "spark.kubernetes.executor.podTemplateFile",
        Application.home().resolve("submit-scripts/kubernetes/executor-pod.yaml").toString());
    conf.set("spark.driver.port", "7078");
    SecurityManager security =
        new SecurityManager(conf, Option.empty(), package$.MODULE$.AUTH_SECRET_FILE_DRIVER());
    security.initializeAuth();
    KubernetesExecutorConf executor =
        new KubernetesExecutorConf(
            conf,
            "spark-application",
            "1",
            Option.empty(),
            ResourceProfile.DEFAULT_RESOURCE_PROFILE_ID());
    var spec =
        new KubernetesExecutorBuilder()
            .buildFromFeatures(
                executor,
                security,
                server.client(),
                ResourceProfile$.MODULE$.getOrCreateDefaultProfile(conf));
    Pod pod = spec.pod().pod();
    pod.getSpec().setContainers(List.of(spec.pod().container()));
    return json(pod);
  }
}
