package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.format.Locations;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.ConfigurationException;
import dev.convoy.driver.configuration.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparkSettingsTest {
  private static final String OPTIONS = "spark.executor.extraJavaOptions";

  @TempDir Path directory;

  @Test
  void executorsGetTheUsersJavaOptionsBesideConvoys() {
    assertThat(
            settings("spark.conf.spark.executor.extraJavaOptions=\"-Xss4m -Dmine=1\"").get(OPTIONS))
        .contains("-Dorg.bytedeco.javacpp.maxbytes=0")
        .contains("-Dorg.bytedeco.javacpp.maxphysicalbytes=0")
        .endsWith(" -Xss4m -Dmine=1");
    assertThat(settings().get(OPTIONS))
        .contains("-Dorg.bytedeco.javacpp.maxbytes=0")
        .doesNotEndWith(" ");
  }

  @Test
  void executorsKnowWhereRelativePlacesBegin() {
    assertThat(settings().get("spark.hadoop." + Locations.WORKING_DIRECTORY))
        .isEqualTo(Path.of("").toAbsolutePath().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"extraJavaOptions", "defaultJavaOptions"})
  void anOptionThatTheUserSetsTooIsTheUsers(String which) {
    String options =
        settings("spark.conf.spark.executor." + which + "=\"-Dorg.bytedeco.javacpp.maxbytes=8g\"")
            .get(OPTIONS);
    assertThat(options)
        .doesNotContain("-Dorg.bytedeco.javacpp.maxbytes=0")
        .contains("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
  }

  @Test
  void executorsCollectGarbageAsTheUserSays() {
    assertThat(settings().get(OPTIONS)).contains("-XX:+UseParallelGC -XX:NewRatio=4");
    for (String which : List.of("extraJavaOptions", "defaultJavaOptions")) {
      assertThat(
              settings("spark.conf.spark.executor." + which + "=\"-XX:+UseZGC -Dmine=1\"")
                  .get(OPTIONS))
          .doesNotContain("ParallelGC")
          .doesNotContain("NewRatio");
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void executorsHaveLargePagesUnlessTheUserSaysOtherwise() {
    assertThat(settings().get(OPTIONS)).contains("-XX:+UseTransparentHugePages");
    for (String own : List.of("-XX:-UseTransparentHugePages", "-XX:+UseLargePages")) {
      assertThat(
              settings("spark.conf.spark.executor.extraJavaOptions=\"" + own + "\"").get(OPTIONS))
          .contains(own)
          .doesNotContain("-XX:+UseTransparentHugePages");
    }
  }

  @Test
  void theUsersClassesAreRegisteredBesideConvoys() {
    assertThat(
            settings("spark.conf.spark.kryo.registrator=\"my.Registrator,my.Other\"")
                .get("spark.kryo.registrator"))
        .isEqualTo(KryoClasses.class.getName() + ",my.Registrator,my.Other");
  }

  @Test
  void whatDeeplearning4jSendsNeedNotBeRegistered() {
    SparkConf conf = settings("averaging.strategy=dl4j-parameter-averaging");
    assertThat(conf.get("spark.kryo.registrator"))
        .isEqualTo(KryoClasses.class.getName() + ",org.nd4j.kryo.Nd4jRegistrator");
    assertThat(conf.get("spark.kryo.registrationRequired")).isEqualTo("false");
    assertThat(settings().get("spark.kryo.registrationRequired")).isEqualTo("true");
  }

  @Test
  void whatTheUserHidesIsHiddenBesideSecrets() {
    assertThat(settings("spark.conf.spark.redaction.regex=\"(?i)pin\"").get(Secrets.REDACTION))
        .isEqualTo(Secrets.redaction("(?i)pin"));
    assertThat(settings().get(Secrets.REDACTION)).isEqualTo(Secrets.redaction(""));
  }

  @Test
  void anotherSerializerIsRefused() {
    assertThatThrownBy(
            () ->
                settings("spark.conf.spark.serializer=org.apache.spark.serializer.JavaSerializer"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "spark.serializer: expected org.apache.spark.serializer.KryoSerializer, which is what"
                + " executors' results are written with, found"
                + " org.apache.spark.serializer.JavaSerializer. Remove the setting.");
  }

  @ParameterizedTest
  @CsvSource({
    "spark.locality.wait, 3s",
    "spark.scheduler.mode, FIFO",
    "spark.ui.enabled, true",
    "spark.app.name, mine",
    "spark.executorEnv.OMP_NUM_THREADS, 3",
    "spark.kryo.registrationRequired, false",
    "spark.driver.host, 10.0.0.1"
  })
  void whereThereIsRoomForOneItIsTheUsers(String key, String value) {
    assertThat(settings("spark.conf." + key + "=\"" + value + "\"").get(key)).isEqualTo(value);
  }

  @Test
  void aDriverHostOfTheUsersIsNotBoundToThisMachineAlone() {
    assertThat(
            settings("spark.conf.spark.driver.host=\"10.0.0.1\"")
                .contains("spark.driver.bindAddress"))
        .isFalse();
    assertThat(settings().get("spark.driver.bindAddress")).isEqualTo("127.0.0.1");
  }

  @Test
  void executorsOfAnotherMachineGetTheApplicationsJars() throws IOException {
    Path application = application("an application, #1");
    String jars = settings(application, "spark.master=\"spark://host:7077\"").get("spark.jars");
    assertThat(Stream.of(jars.split(",")).map(java.net.URI::create).map(Path::of))
        .containsExactly(
            application.resolve("convoy.jar"),
            application.resolve("lib/a.jar"),
            application.resolve("lib/b.jar"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark://host:7077", "yarn", "k8s://https://host:443"})
  void theUsersJarsComeFirst(String master) throws IOException {
    String jars =
        settings(
                application("application"),
                "spark.master=\"" + master + "\"",
                "spark.conf.spark.jars=\"/mine.jar,/other.jar\"")
            .get("spark.jars");
    assertThat(jars).startsWith("/mine.jar,/other.jar,file:///").contains("/convoy.jar,");
  }

  @Test
  void executorsOfALocalClusterFindTheApplicationBesideTheUsersClasses() throws IOException {
    Path application = application("application");
    SparkConf conf =
        settings(
            application,
            "spark.master=\"local-cluster[2,1,600]\"",
            "spark.conf.spark.executor.extraClassPath=\"/mine/*\"");
    assertThat(conf.get("spark.executor.extraClassPath"))
        .isEqualTo("/mine/*:" + application + "/convoy.jar:" + application + "/lib/*");
    assertThat(conf.contains("spark.jars")).isFalse();
  }

  @Test
  void whatSparkSubmitBringsStaysBesideTheUsersOwn() {
    System.setProperty("spark.jars", "file:/convoy.jar,file:/lib/a.jar");
    System.setProperty("spark.executor.extraClassPath", "/opt/convoy/lib/*");
    try {
      SparkConf conf =
          settings(
              "spark.master=\"spark://host:7077\"",
              "spark.conf.spark.jars=\"/mine.jar\"",
              "spark.conf.spark.executor.extraClassPath=\"/mine/*\"");
      assertThat(conf.get("spark.jars")).isEqualTo("file:/convoy.jar,file:/lib/a.jar,/mine.jar");
      assertThat(conf.get("spark.executor.extraClassPath")).isEqualTo("/opt/convoy/lib/*:/mine/*");
    } finally {
      System.clearProperty("spark.jars");
      System.clearProperty("spark.executor.extraClassPath");
    }
  }

  @Test
  void localModeAndSparkSubmitBringNothing() throws IOException {
    assertThat(settings(application("application")).contains("spark.jars")).isFalse();
    assertThat(settings("spark.master=\"spark://host:7077\"").contains("spark.jars")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "local, 'local[1,8]'",
    "local[2], 'local[2,8]'",
    "local[*], 'local[*,8]'",
    "'local[2, 1]', 'local[2, 1]'",
    "'local[2 ,4]', 'local[2 ,4]'",
    "'local-cluster[2,1,600]', 'local-cluster[2,1,600]'",
    "spark://host:7077, spark://host:7077"
  })
  void inLocalModeTasksAreTriedAsOftenAsOnClusters(String master, String expected) {
    SparkConf conf = settings("spark.master=\"" + master + "\"");
    assertThat(conf.get("spark.master")).isEqualTo(expected);
    assertThat(conf.get("spark.task.maxFailures")).isEqualTo("8");
  }

  @Test
  void howOftenATaskIsTriedInLocalModeIsTheUsers() {
    assertThat(
            settings("spark.master=\"local[2]\"", "spark.conf.spark.task.maxFailures=3")
                .get("spark.master"))
        .isEqualTo("local[2,3]");
  }

  @Test
  void whatComesTooLateForTheDriverIsSaid() {
    List<String> notes =
        SparkSettings.withoutEffect(
            Experiments.small(
                directory,
                "spark.conf.spark.driver.memory=8g",
                "spark.conf.spark.driver.cores=2",
                "spark.conf.spark.executor.memory=8g"));
    assertThat(notes)
        .containsExactly(
            "note: spark.driver.memory has no effect in a configuration, since the driver has"
                + " started when it is read: set CONVOY_JAVA_OPTIONS, such as -Xmx8g, or give it to"
                + " spark-submit");
  }

  @ParameterizedTest
  @CsvSource({
    "'local-cluster[3,1,600]', 1, 0, 3",
    "'local-cluster[ 3 , 1 , 600 ]', 0.5, 0, 2",
    "spark://host:7077, 1, 0, 1",
    "spark://host:7077, 1, 8, 8",
    "yarn, 0.8, 8, 7",
    "yarn, 0, 8, 1"
  })
  void executorsThatAreAskedForAreWaitedFor(
      String master, String ratio, int instances, int expected) {
    SparkConf conf =
        settings(
            "spark.master=\"" + master + "\"",
            "spark.conf.spark.scheduler.minRegisteredResourcesRatio=\"" + ratio + "\"",
            "spark.conf.spark.executor.instances=" + instances);
    assertThat(SparkSettings.executorsToAwait(conf)).isEqualTo(expected);
  }

  @Test
  void executorsThatComeWithTheWorkAreNotWaitedFor() {
    SparkConf conf =
        settings(
            "spark.master=\"yarn\"",
            "spark.conf.spark.dynamicAllocation.enabled=true",
            "spark.conf.spark.executor.instances=8");
    assertThat(conf.getDouble("spark.scheduler.minRegisteredResourcesRatio", 1)).isLessThan(0.01);
    assertThat(SparkSettings.executorsToAwait(conf)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "local[2]", "local[*]", "local[2 ,4]"})
  void gpusOfTasksAreRefusedWithALocalMasterWhichWouldWaitForThem(String master) {
    assertThatThrownBy(
            () ->
                settings(
                    "spark.master=\"" + master + "\"",
                    "spark.conf.spark.task.resource.gpu.amount=1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(
            "spark.task.resource.gpu.amount = 1: expected a cluster's spark.master, found "
                + master
                + ", with which Spark would wait for GPUs without end.");
    assertThat(
            settings(
                    "spark.master=\"" + master + "\"",
                    "spark.conf.spark.executor.resource.gpu.amount=1")
                .contains("spark.task.resource.gpu.amount"))
        .isFalse();
  }

  @Test
  void aTaskHasOneGpuOrAShareOfOne() {
    String gpus = "spark.conf.spark.executor.resource.gpu.amount=2";
    assertThat(settings("spark.master=yarn", gpus).get("spark.task.resource.gpu.amount"))
        .isEqualTo("1");
    assertThat(
            settings("spark.master=yarn", gpus, "spark.conf.spark.task.resource.gpu.amount=0.5")
                .get("spark.task.resource.gpu.amount"))
        .isEqualTo("0.5");
    assertThatThrownBy(
            () ->
                settings("spark.master=yarn", gpus, "spark.conf.spark.task.resource.gpu.amount=2"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "spark.task.resource.gpu.amount: expected at most 1, since a worker computes on one"
                + " GPU, found 2. More GPUs take more workers.");
  }

  @Test
  void executorsLookForLibrariesWhereTheDriverDoes() {
    SparkConf conf = new SparkConf(false).set("spark.master", "yarn");
    SparkSettings.setGpus(conf, Map.of("CONVOY_CUDA_LIBRARIES", "/opt/cuda"));
    assertThat(conf.get("spark.executorEnv.CONVOY_CUDA_LIBRARIES")).isEqualTo("/opt/cuda");
    SparkSettings.setGpus(conf, Map.of("CONVOY_CUDA_LIBRARIES", "/elsewhere"));
    assertThat(conf.get("spark.executorEnv.CONVOY_CUDA_LIBRARIES")).isEqualTo("/opt/cuda");
  }

  private Path application(String name) throws IOException {
    Path application = directory.resolve(name);
    Files.createDirectories(application.resolve("lib"));
    for (String file : List.of("convoy.jar", "lib/b.jar", "lib/a.jar", "lib/readme.txt")) {
      Files.createFile(application.resolve(file));
    }
    return application;
  }

  private SparkConf settings(String... overrides) {
    return SparkSettings.of(Experiments.small(directory, overrides), Optional.empty());
  }

  private SparkConf settings(Path application, String... overrides) {
    return SparkSettings.of(Experiments.small(directory, overrides), Optional.of(application));
  }

  @Test
  void aDriverOnAWorkerTakesTheSecretThatItWasHanded() {
    Map<String, String> handed = Map.of("_SPARK_AUTH_SECRET", "of the cluster");
    SparkConf standalone =
        new SparkConf(false)
            .set("spark.master", "spark://host:7077")
            .set("spark.authenticate", "true");
    SparkSettings.takeSecret(standalone, handed);
    assertThat(standalone.get("spark.authenticate.secret")).isEqualTo("of the cluster");

    SparkConf yarn =
        new SparkConf(false).set("spark.master", "yarn").set("spark.authenticate", "true");
    SparkSettings.takeSecret(yarn, handed);
    assertThat(yarn.contains("spark.authenticate.secret")).isFalse();
  }
}
