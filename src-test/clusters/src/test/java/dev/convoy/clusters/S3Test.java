package dev.convoy.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.Application;
import dev.convoy.Ended;
import dev.convoy.RunFiles;
import dev.convoy.Runs;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data and runs on S3: a server of its own, behind a network that fails. */
class S3Test {
  private static final int IN_USE = 75;
  private static final int CLASSES = 4;
  private static final int IMAGES_PER_CLASS = 24;
  private static final int SIDE = 12;
  private static final String BUCKET = "convoy";
  private static final String SECRET = "hunter2hunter2hunter2";
  private static final String ACCESS = "AKIDOFTHETEST";
  private static final double FAILING = 0.1;

  /** Of the network; drawn anew each time, and printed. */
  private static final long SEED = Long.getLong("convoy.network.seed", System.nanoTime());

  @TempDir private static Path directory;
  private static S3Server server;
  private static S3Objects objects;
  private static RunFiles expected;

  @BeforeAll
  static void start() throws IOException {
    System.out.println("the network fails by -Dconvoy.network.seed=" + SEED);
    server = new S3Server(directory);
    objects = new S3Objects(server.port(), BUCKET);
    Path images = directory.resolve("images");
    for (int i = 0; i < CLASSES * IMAGES_PER_CLASS; i++) {
      String name = "class-" + i % CLASSES + "/image-" + i + ".png";
      byte[] png = png(i);
      Files.createDirectories(images.resolve(name).getParent());
      Files.write(images.resolve(name), png);
      objects.put("images/" + name, png);
    }
    expected = Runs.newRun("local");
    Ended alone =
        Application.run("train", experiment(), "data.train=" + images, expected.argument());
    assertThat(alone.exitCode()).as(alone.messages()).isZero();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String experiment() {
    try {
      return Path.of(S3Test.class.getResource("/store.conf").toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stripes, each class's of its own width. */
  private static byte[] png(int number) throws IOException {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int bright = (x / (1 + number % CLASSES) + y * number) % 2 * 150;
        image.getRaster().setSample(x, y, 0, bright + number % 100);
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }

  private static Application start(int port, String command, String... arguments) {
    return startWith(port, List.of(command, experiment()), arguments);
  }

  private static Application startWith(int port, List<String> command, String... arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    Map.of(
            "endpoint", "http://127.0.0.1:" + port,
            "endpoint.region", "us-east-1",
            "path.style.access", "true",
            "connection.ssl.enabled", "false",
            "access.key", ACCESS,
            "secret.key", SECRET,
            // A checkpoint is two parts.
            "multipart.size", "5M",
            "connection.timeout", "5000",
            "retry.interval", "50ms",
            "retry.throttle.interval", "50ms")
        .forEach(
            (key, value) ->
                all.add("spark.conf.\"spark.hadoop.fs.s3a." + key + "\"=\"" + value + "\""));
    return Application.start(
        Map.of("CONVOY_CLASS_PATH", System.getProperty("convoy.s3") + "/*"),
        all.toArray(String[]::new));
  }

  private static String place(String key) {
    return "\"s3a://" + BUCKET + "/" + key + "\"";
  }

  private static String[] train(String run) {
    return new String[] {"data.train=" + place("images"), "output=" + place(run)};
  }

  private static JsonNode summary(String run) throws IOException {
    return new ObjectMapper().readTree(objects.text(run + "/summary.json"));
  }

  @Test
  void aRunThatIsKilledOnAFailingNetworkComesToTheParametersOfALocalOne() throws Exception {
    List<Ended> ends = new ArrayList<>();
    try (FaultyNetwork network = new FaultyNetwork(server.port(), SEED, FAILING);
        StoreWatch watch = new StoreWatch(objects, "killed")) {
      try (Application first = start(network.port(), "train", train("killed"))) {
        first.await("rounds", () -> StoreWatch.checkpointedRounds(objects, "killed") >= 4);
        first.kill();
      }
      assertThat(objects.list("killed/.lock")).isNotEmpty();
      try (Application second = start(network.port(), "train", train("killed"))) {
        Ended ended = second.end();
        ends.add(ended);
        assertThat(ended.exitCode()).as(ended.messages()).isZero();
        assertThat(ended.messages()).contains("going on after round ");
      }
      System.out.println("requests by what happened to them: " + network.counts());
      assertThat(network.counts().values()).allMatch(count -> count.get() > 0);
      assertThat(watch.broken()).isEmpty();
      assertThat(watch.read()).isPositive();
    }
    assertThat(summary("killed").path("parameter-sha256").asText())
        .isEqualTo(expected.parameters());
    assertThat(objects.list("killed/"))
        .contains("killed/config.conf", "killed/model.zip", "killed/metrics.jsonl")
        .noneMatch(key -> key.contains("/."));
    for (String key : objects.list("killed/")) {
      assertThat(new String(objects.get(key).orElseThrow(), StandardCharsets.ISO_8859_1))
          .as(key)
          .doesNotContain(SECRET)
          .doesNotContain(ACCESS);
    }
    for (Ended ended : ends) {
      assertThat(ended.messages() + ended.output()).doesNotContain(SECRET).doesNotContain(ACCESS);
    }
  }

  @Test
  void theSecondOfTwoInOneDirectoryIsRefused() {
    try (Application first = start(server.port(), "train", train("locked"))) {
      first.await("a round", () -> StoreWatch.checkpointedRounds(objects, "locked") >= 1);
      first.suspend();
      try (Application second = start(server.port(), "train", train("locked"))) {
        Ended ended = second.end();
        assertThat(ended.exitCode()).as(ended.messages()).isEqualTo(IN_USE);
        assertThat(ended.complaints())
            .singleElement()
            .asString()
            .contains("another convoy is at work there", "process " + first.handle().pid());
      }
      first.kill();
    }
  }

  @Test
  void preparedImagesOnAFailingNetworkAreThoseOfALocalDirectory() throws Exception {
    try (FaultyNetwork network = new FaultyNetwork(server.port(), SEED + 1, FAILING)) {
      try (Application prepare =
          start(
              network.port(),
              "prepare",
              "data.train=" + place("images"),
              "output=" + place("prepared"))) {
        Ended ended = prepare.end();
        assertThat(ended.exitCode()).as(ended.messages()).isZero();
      }
      assertThat(objects.list("prepared/")).noneMatch(key -> key.contains("/."));
      try (Application train =
          start(
              network.port(),
              "train",
              "data.format=shards",
              "data.train=" + place("prepared/train"),
              "output=" + place("from-prepared"))) {
        Ended ended = train.end();
        assertThat(ended.exitCode()).as(ended.messages()).isZero();
      }
    }
    assertThat(summary("from-prepared").path("parameter-sha256").asText())
        .isEqualTo(expected.parameters());
  }

  /** On S3 the record of trials cannot grow: it is written anew. */
  @Test
  void aSearchThatIsKilledOnAFailingNetworkHasTheLeaderboardOfALocalOne() throws Exception {
    String search = Runs.experiment("search.conf");
    RunFiles alone = Runs.newRun("search");
    Ended local = Application.run("search", search, alone.argument());
    assertThat(local.exitCode()).as(local.messages()).isZero();
    List<String> command = List.of("search", search);
    String output = "output=" + place("search");
    try (FaultyNetwork network = new FaultyNetwork(server.port(), SEED + 2, FAILING)) {
      try (Application first = startWith(network.port(), command, output)) {
        first.await(
            "a trial", () -> objects.get("search/trials.jsonl").orElse(new byte[0]).length > 0);
        first.kill();
      }
      try (Application second = startWith(network.port(), command, output)) {
        Ended ended = second.end();
        assertThat(ended.exitCode()).as(ended.messages()).isZero();
      }
    }
    assertThat(leaderboard(objects.text("search/leaderboard.csv")))
        .isEqualTo(leaderboard(Files.readString(alone.directory().resolve("leaderboard.csv"))));
    assertThat(objects.list("search/")).noneMatch(key -> key.contains("/."));
  }

  /** Without the last column, which differs from run to run. */
  private static List<String> leaderboard(String text) {
    return text.lines().map(line -> line.substring(0, line.lastIndexOf(','))).toList();
  }

  @Test
  void aModelOnAStorePredictsImagesThereAsALocalOneDoes() throws Exception {
    Path model = expected.directory().resolve("model.zip");
    objects.put("model.zip", Files.readAllBytes(model));
    Path file = directory.resolve("predictions.csv");
    Ended local =
        Application.run(
            "predict", model.toString(), "--images", directory + "/images", "--output", "" + file);
    assertThat(local.exitCode()).as(local.messages()).isZero();
    try (FaultyNetwork network = new FaultyNetwork(server.port(), SEED + 3, FAILING);
        Application predict =
            startWith(
                network.port(),
                List.of("predict", "s3a://" + BUCKET + "/model.zip"),
                "--images",
                "s3a://" + BUCKET + "/images",
                "--output",
                "s3a://" + BUCKET + "/predictions.csv")) {
      Ended ended = predict.end();
      assertThat(ended.exitCode()).as(ended.messages()).isZero();
    }
    assertThat(objects.text("predictions.csv").replace("s3a://" + BUCKET + "/images", "IMAGES"))
        .isEqualTo(
            Files.readString(file).replaceAll("(?m)^(file:)?" + directory + "/images", "IMAGES"));
  }

  /** Executors are processes of their own, which read images from the store. */
  @Test
  void anEnsembleOfExecutorsOnAFailingNetworkIsThatOfALocalOne() throws Exception {
    List<String> command =
        List.of(
            "ensemble",
            experiment(),
            "ensemble={members=3, parallel-members=2}",
            "training.workers=1",
            "training.epochs=2");
    RunFiles alone = Runs.newRun("ensemble");
    List<String> local = new ArrayList<>(command);
    local.addAll(List.of("data.train=" + directory + "/images", alone.argument()));
    Ended ended = Application.run(local.toArray(String[]::new));
    assertThat(ended.exitCode()).as(ended.messages()).isZero();

    try (FaultyNetwork network = new FaultyNetwork(server.port(), SEED + 4, FAILING);
        Application remote =
            startWith(
                network.port(),
                command,
                "data.train=" + place("images"),
                "output=" + place("ensemble"),
                "spark.master=\"local-cluster[2,1,1024]\"",
                "spark.conf.spark.executor.extraClassPath=\""
                    + System.getProperty("convoy.s3")
                    + "/*\"")) {
      Ended there = remote.end();
      assertThat(there.exitCode()).as(there.messages()).isZero();
    }
    assertThat(summary("ensemble").path("members"))
        .hasSize(3)
        .isEqualTo(alone.summary().path("members"));
    for (String part : List.of("combination", "out-of-bag")) {
      assertThat(summary("ensemble").path(part))
          .as(part)
          .isNotEmpty()
          .isEqualTo(alone.summary().path(part));
    }
    assertThat(objects.list("ensemble/"))
        .contains("ensemble/ensemble.zip", "ensemble/members/0002/model.zip")
        .noneMatch(key -> key.contains("/."));
  }
}
