package dev.convoy.driver.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.ImageShape;
import dev.convoy.data.Picture;
import dev.convoy.data.StoredShape;
import dev.convoy.data.format.ImageSources;
import dev.convoy.data.source.DecodeLimits;
import dev.convoy.data.source.ExampleSink;
import dev.convoy.data.source.ImageSource;
import dev.convoy.data.source.Listing;
import dev.convoy.data.source.Role;
import dev.convoy.data.source.SourceSettings;
import dev.convoy.data.source.TableColumns;
import dev.convoy.driver.configuration.WrittenConfiguration;
import dev.convoy.driver.ensemble.Python;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The experiments on depth that docs/results.md tells of. */
class DepthExperimentsTest {
  private static final ImageShape POINT = new ImageShape(1, 2, 1);

  /** Of a disc with half the area of the square from -1 to 1. */
  private static final double RADIUS = Math.sqrt(2 / Math.PI);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"cifar10-degradation-search, 4", "disc-search, 40"})
  void everyNetworkIsATrial(String experiment, int trials) {
    String file = Path.of("..", "conf", experiment + ".conf").toString();
    SearchDefinition definition =
        SearchDefinition.of(WrittenConfiguration.read(file, List.of("data.train=somewhere")));
    assertThat(definition.trials()).isEqualTo(trials);
  }

  @Test
  void pointsOfTheDiscAreLabelledByTheirDistance() throws Exception {
    Python.with("struct")
        .run(directory, "../docs/examples/draw_disc.py", directory.resolve("disc").toString());
    ImageSource source =
        ImageSources.open(
            new SourceSettings(
                "idx",
                directory.resolve("disc").toString(),
                Role.TRAIN,
                StoredShape.resized(POINT),
                new DecodeLimits(1, 1),
                TableColumns.USUAL,
                null),
            new Configuration(false));
    Listing points = source.list().listing();
    assertThat(LongStream.of(points.classCounts(2))).allMatch(count -> count > 900);
    LabelCheck check = new LabelCheck(points);
    source.read(points, check);
    assertThat(check.seen).isEqualTo(2000);
  }

  /** Compares the label of each point with its place. */
  private static final class LabelCheck implements ExampleSink {
    private final Listing points;
    private int seen;

    LabelCheck(Listing points) {
      this.points = points;
    }

    @Override
    public void accept(int position, Picture point) {
      double distance = Math.hypot(coordinate(point, 0), coordinate(point, 1));
      assertThat(points.label(position)).isEqualTo(distance < RADIUS ? 1 : 0);
      seen++;
    }

    @Override
    public void reject(int position, String reason) {
      throw new AssertionError(reason);
    }
  }

  private static double coordinate(Picture point, int index) {
    return (point.pixels()[index] & 0xff) / 127.5 - 1;
  }
}
