package dev.convoy.benchmark.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.convoy.benchmark.BenchmarkException;
import dev.convoy.benchmark.Workload;
import dev.convoy.benchmark.ensemble.Cost.Origin;
import dev.convoy.benchmark.ensemble.Streaming.Heap;
import dev.convoy.benchmark.spark.JpegFolders;
import dev.convoy.data.ImageShape;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnsembleMeasurementTest {
  private static final int IMAGES = 300; // more than what is read at once

  @TempDir private Path directory;
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();
  private final PrintStream messages = new PrintStream(progress, true, StandardCharsets.UTF_8);

  @Test
  void oneMemberAndSeveralAreAskedAboutEveryImage() throws Exception {
    List<Cost> costs =
        new CostMeasurement(
                Workload.LENET_5, new CostMeasurement.Scale(IMAGES, 2, 2), directory, messages)
            .run();
    assertThat(costs).extracting(Cost::origin).containsExactly(Origin.FILES, Origin.MEMORY);
    for (Cost cost : costs) {
      assertThat(cost.images()).isEqualTo(IMAGES);
      assertThat(cost.secondsOfOne().samples()).hasSize(2).allMatch(seconds -> seconds > 0);
      assertThat(cost.secondsOfAll().samples()).hasSize(2).allMatch(seconds -> seconds > 0);
    }
    List<String> alone = Files.readAllLines(directory.resolve("predictions-lenet-5-1.csv"));
    List<String> together = Files.readAllLines(directory.resolve("predictions-lenet-5-2.csv"));
    assertThat(alone).hasSize(1 + IMAGES);
    assertThat(together).hasSize(1 + IMAGES).isNotEqualTo(alone);
    assertThat(progress.toString(StandardCharsets.UTF_8))
        .contains("lenet-5, 300 images, one member and 2:", "members 1: ", "members 2: ")
        .contains(" (warm-up)");
  }

  @Test
  void everyNameIsPredictedAndTheHeapLookedAt() {
    int images = 5000;
    Streaming streaming =
        new StreamingMeasurement(new StreamingMeasurement.Scale(images, 20, 2), directory, messages)
            .run();
    assertThat(streaming.heap()).extracting(Heap::images).containsExactly(0, 500, 2500, 5000);
    assertThat(streaming.heap())
        .allSatisfy(heap -> assertThat(heap.bytes()).isBetween(1L, streaming.peak().bytes()));
    assertThat(streaming.peak().bytes()).isLessThanOrEqualTo(streaming.limitBytes());
    assertThat(streaming.allImagesBytes()).isEqualTo(images * 28L * 28);
  }

  @Test
  void moreImagesAreListedThanThereAreFiles() throws Exception {
    Path folder = directory.resolve("jpegs");
    JpegFolders.draw(folder, new ImageShape(8, 8, 1), 3);
    try (PredictionSession session = PredictionSession.start(folder, new ImageShape(8, 8, 1))) {
      var many = ManyNames.of(session.files(), 7);
      assertThat(many.size()).isEqualTo(7);
      assertThat(IntStream.range(0, 7).mapToObj(many::file).distinct()).hasSize(7);
      assertThat(
              IntStream.range(0, 7)
                  .mapToObj(i -> new org.apache.hadoop.fs.Path(many.file(i)).toString()))
          .startsWith(session.files().file(0), session.files().file(1), session.files().file(2))
          .endsWith(session.files().file(0));
    }
  }

  @Test
  void anImageThatCannotBeReadIsNotPassedOver() throws Exception {
    StreamingMeasurement measurement =
        new StreamingMeasurement(new StreamingMeasurement.Scale(1000, 4, 1), directory, messages);
    Path broken = directory.resolve("jpegs-28x28x1-4/class-2/000002.jpg");
    Files.createDirectories(broken.getParent());
    Files.writeString(broken, "no image");
    assertThatExceptionOfType(BenchmarkException.class)
        .isThrownBy(measurement::run)
        .withMessageContaining("000002.jpg: not a JPEG");
  }
}
