package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.averaging.ModelState;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.Workers;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.TrainingState;
import dev.convoy.worker.optimizer.Segment;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientAveragingTest {
  private static final String STRATEGY = "gradient";

  /** Every epoch is one step with all images. */
  private static final String[] WHOLE = {
    "data.validation=null",
    "training.early-stopping=off",
    "training.epochs=4",
    "training.batch-size=128",
    "augment=[]",
    "model={name=lenet-5, filters=[3, 4], hidden=[12], dropout=0}",
    "averaging.strategy=" + STRATEGY
  };

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() {
    cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Adam, clips and penalties are not linear in the gradient: a mean of their steps is another. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer={name=adam, learning-rate=0.01}",
        "optimizer={name=lion, learning-rate=0.001, weight-decay=0.1}",
        "optimizer={name=nesterov, learning-rate=0.1, clip-norm=0.1, l2=0.01}"
      })
  void theStepIsThatOfAllBatchesTogether(String optimizer) {
    TrainingState together = train("together", optimizer, "training.workers=1");
    TrainingState apart = train("apart", optimizer, "training.workers=3");
    float[] expected = together.parameters();
    float[] found = apart.parameters();
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(2e-4f));
    }
    assertThat(distance(expected, train("first", optimizer, "training.epochs=1").parameters()))
        .as("what later steps did")
        .isGreaterThan(0.02);
  }

  private static double distance(float[] some, float[] others) {
    double squares = 0;
    for (int i = 0; i < some.length; i++) {
      squares += Math.pow((double) some[i] - others[i], 2);
    }
    return Math.sqrt(squares);
  }

  /**
   * With momentum, too, steps are linear in the gradient, so that their mean is the mean's step.
   */
  @Test
  void whereStepsAreLinearItIsTheMeanOfStepsAfterEveryBatch() {
    String[] both = {
      "optimizer={name=momentum, learning-rate=0.05}",
      "training.workers=3",
      "training.batch-size=8",
      "training.averaging-frequency=1"
    };
    TrainingState gradients = train("gradients", both);
    TrainingState steps = train("steps", with(both, "averaging.strategy=mean"));
    assertThat(gradients.totals().rounds()).isEqualTo(steps.totals().rounds()).isEqualTo(4 * 5);
    for (int i = 0; i < steps.parameters().length; i++) {
      assertThat(gradients.parameters()[i]).isCloseTo(steps.parameters()[i], within(1e-5f));
    }
  }

  /**
   * The first normalisation sees the same values whatever batch they come in: its running
   * statistics are those of one batch of all images. How the images are dealt decides between which
   * workers they differ, and changes nothing.
   */
  @ParameterizedTest
  @ValueSource(strings = {"driver", "executors"})
  void runningStatisticsAreThoseOfAllBatchesTogether(String route) {
    String[] both = {
      "model={name=resnet-20, width=2, filters=null, hidden=null, dropout=null}",
      "training.epochs=1",
      "averaging.route=" + route
    };
    float[] together = train("together", with(both, "training.workers=1")).parameters();
    float[] apart = train("apart", with(both, "training.workers=12")).parameters();
    List<Segment> segments = segments(small("segments", both));
    String first =
        segments.stream()
            .filter(one -> one.kind() == Segment.Kind.RUNNING_STATISTIC)
            .findFirst()
            .orElseThrow()
            .layer();
    List<Segment> statistics =
        segments.stream()
            .filter(one -> one.layer().equals(first))
            .filter(one -> one.kind() == Segment.Kind.RUNNING_STATISTIC)
            .toList();
    assertThat(statistics).hasSize(2);
    for (Segment statistic : statistics) {
      for (int i = (int) statistic.offset(); i < statistic.offset() + statistic.length(); i++) {
        assertThat(apart[i])
            .as(statistic.parameter())
            .isCloseTo(together[i], within(1e-5f * Math.max(1, Math.abs(together[i]))));
      }
    }
  }

  private static List<Segment> segments(RunConfiguration configuration) {
    return KnownNetwork.of(Workers.settings(configuration, 3, 1)).segments();
  }

  @Test
  void bothRoutesComeToTheSameBits() {
    String[] both = {
      "optimizer.name=adam",
      "training.workers=3",
      "training.batch-size=8",
      "model={name=resnet-20, width=2, filters=null, hidden=null, dropout=null}",
      "training.epochs=1"
    };
    TrainingState driver = train("driver", with(both, "averaging.route=driver"));
    TrainingState executors = train("executors", with(both, "averaging.route=executors"));
    assertThat(executors.parameters()).isEqualTo(driver.parameters());
    assertThat(executors.model().vectors().get(ModelState.OPTIMIZER).whole())
        .isEqualTo(driver.model().vectors().get(ModelState.OPTIMIZER).whole());
  }

  /** What is left out of gradients comes with later ones. */
  @Test
  void gradientsCanBeCompressed() {
    String[] both = {
      "data.limit=96", "training.workers=2", "training.batch-size=8", "training.epochs=1"
    };
    String[] slow = with(both, "optimizer={name=sgd, learning-rate=0.01}");
    TrainingState exact = train("exact", slow);
    TrainingState compressed = train("compressed", with(slow, "averaging.compression=bfloat16"));
    TrainingState start = train("start", with(both, "optimizer={name=sgd, learning-rate=1e-9}"));
    assertThat(distance(exact.parameters(), compressed.parameters()))
        .isPositive()
        .isLessThan(0.01 * distance(exact.parameters(), start.parameters()));
  }

  @Test
  void roundsTellTheNormsOfTheOneStep() {
    RunConfiguration configuration = small("run", "optimizer.name=adam", "training.workers=2");
    train(configuration);
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      List<JsonNode> rounds = directory.metrics(Reports.ROUND, line -> line);
      assertThat(rounds).isNotEmpty();
      for (JsonNode round : rounds) {
        assertThat(round.at("/layer-groups/output/gradient-norm").asDouble()).isPositive();
      }
    }
  }

  private RunConfiguration small(String name, String... overrides) {
    return Experiments.small(temporary.resolve(name), with(WHOLE, overrides));
  }

  private TrainingState train(String name, String... overrides) {
    RunConfiguration configuration = small(name, overrides);
    train(configuration);
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      return directory.latestCheckpoint().orElseThrow().state();
    }
  }

  private static void train(RunConfiguration configuration) {
    try (RunDirectory directory =
        RunDirectory.open(configuration, new Configuration(false), () -> {})) {
      TrainingRun.run(cluster, configuration, directory, Progress.none());
    }
  }

  private static String[] with(String[] some, String... others) {
    return Stream.concat(Stream.of(some), Stream.of(others)).toArray(String[]::new);
  }
}
