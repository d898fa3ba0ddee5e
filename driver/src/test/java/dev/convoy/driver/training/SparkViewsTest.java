package dev.convoy.driver.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.TrainingGauges;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.directory.RunDirectory;
import dev.convoy.driver.report.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.status.api.v1.JobData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;

/** What Spark's own pages and metrics say of a run. */
class SparkViewsTest {
  @TempDir private Path temporary;

  @Test
  void jobsHaveTheNamesOfRoundsAndGaugesTheirFigures() {
    RunConfiguration run = Experiments.small(temporary.resolve("run"), "training.epochs=2");
    try (SparkCluster cluster = SparkCluster.start(run, Progress.none());
        RunDirectory directory = RunDirectory.open(run, new Configuration(false), () -> {})) {
      double before = gauge("images");
      TrainingOutcome outcome =
          cluster.describing(
              "trial 7", () -> TrainingRun.run(cluster, run, directory, Progress.none()));
      assertThat(descriptions())
          .anyMatch(text -> text.matches("trial 7, decoding [\\d,]+ images into \\d+ shards"))
          .anyMatch(text -> text.matches("trial 7, epoch 2, round 1 of \\d+"))
          .anyMatch(text -> text.equals("trial 7, epoch 1, validation"));
      assertThat(gauge("images") - before)
          .isEqualTo(outcome.summary().path("examples").path("seen").asDouble());
      assertThat(gauge("round.loss")).isPositive();
      assertThat(gauge("round.seconds")).isPositive();
      assertThat(gauge("round.images-per-second")).isPositive();
      assertThat(gauge("round.waiting-share")).isBetween(0.0, 1.0);
      assertThat(gauge("rounds")).isPositive();
    }
  }

  private static List<String> descriptions() {
    List<String> descriptions = new ArrayList<>();
    for (JobData job :
        JavaConverters.seqAsJavaList(
            SparkContext.getOrCreate().statusStore().jobsList(new ArrayList<>()))) {
      descriptions.add(job.description().getOrElse(() -> ""));
    }
    return descriptions;
  }

  private static double gauge(String name) {
    MetricRegistry registry =
        JavaConverters.seqAsJavaList(
                SparkEnv.get()
                    .metricsSystem()
                    .getSourcesByName("plugin." + TrainingGauges.class.getName()))
            .get(0)
            .metricRegistry();
    Gauge<?> gauge = registry.getGauges().get(name);
    return ((Number) gauge.getValue()).doubleValue();
  }
}
