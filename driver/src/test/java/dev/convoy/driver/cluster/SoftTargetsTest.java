package dev.convoy.driver.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.StoredShape;
import dev.convoy.data.component.ComponentSettings;
import dev.convoy.data.shard.Examples;
import dev.convoy.driver.Experiments;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.archive.ModelArchive;
import dev.convoy.worker.archive.ModelCard;
import dev.convoy.worker.ensemble.CombinationSettings;
import dev.convoy.worker.ensemble.PredictionModels;
import dev.convoy.worker.ensemble.WeightedVote;
import dev.convoy.worker.model.Models;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoftTargetsTest {
  private static final double WEIGHT = 0.6;
  private static final double TEMPERATURE = 1.5;
  private static final List<Double> VOTES = List.of(1.0, 3.0);

  @TempDir static Path shared;
  private static SparkCluster cluster;

  @BeforeAll
  static void start() {
    cluster = SparkCluster.start(Experiments.small(shared), Progress.none());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** α · softmax(log(mean of the members) / T) + (1 − α) · label, image by image. */
  @Test
  void targetsAreTheCombinedAnswersMixedWithTheLabels() throws Exception {
    RunConfiguration configuration = Experiments.small(shared, "training.workers=3");
    try (TrainingData data = new TrainingData(cluster, configuration, Progress.none())) {
      PredictionModels predictionModels =
          PredictionModels.of(List.of(model(data, 1), model(data, 2)));
      Map<Integer, double[]> expected = answers(configuration, data, predictionModels);
      CombinationSettings combination =
          new CombinationSettings(2, 3, new WeightedVote(VOTES), TEMPERATURE);
      int images = 0;
      try (SoftTargets targets =
          new SoftTargets(
              cluster,
              new MemberPrediction(cluster, configuration, predictionModels, 3, 1),
              combination,
              WEIGHT,
              data.train().view(),
              Progress.none())) {
        for (int shard = 0; shard < 3; shard++) {
          Examples examples = data.train().view().loader().load(shard);
          float[] values = targets.loader().values(shard, examples);
          assertThat(values).hasSize(examples.size() * 3);
          for (int i = 0; i < examples.size(); i++) {
            double[] answer = expected.get(examples.id(i));
            for (int label = 0; label < 3; label++) {
              double certain = examples.label(i) == label ? 1 : 0;
              assertThat((double) values[i * 3 + label])
                  .isCloseTo(WEIGHT * answer[label] + (1 - WEIGHT) * certain, within(1e-5));
            }
            images++;
          }
        }
      }
      assertThat(images).isEqualTo(expected.size()).isGreaterThan(80);
    }
  }

  private static Map<Integer, double[]> answers(
      RunConfiguration configuration, TrainingData data, PredictionModels predictionModels) {
    Map<Integer, double[]> answers = new HashMap<>();
    try (MemberPrediction members =
        new MemberPrediction(cluster, configuration, predictionModels, 3, 1)) {
      members.predict(
          data.train().view(),
          Progress.none(),
          "asking",
          (id, probabilities, offset) -> {
            double[] softened = new double[3];
            double sum = 0;
            for (int label = 0; label < 3; label++) {
              double mean =
                  (VOTES.get(0) * probabilities[offset + label]
                          + VOTES.get(1) * probabilities[offset + 3 + label])
                      / (VOTES.get(0) + VOTES.get(1));
              softened[label] = Math.pow(mean, 1 / TEMPERATURE);
              sum += softened[label];
            }
            for (int label = 0; label < 3; label++) {
              softened[label] /= sum;
            }
            answers.put(id, softened);
          });
    }
    return answers;
  }

  private static byte[] model(TrainingData data, long seed) throws IOException {
    ModelCard card =
        new ModelCard(
            "linear",
            StoredShape.resized(data.train().shape()),
            data.labels(),
            data.normalization(),
            Optional.empty());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ModelArchive.write(
        Models.create(new ComponentSettings("linear", Map.of()), card.input(), seed), card, out);
    return out.toByteArray();
  }
}
