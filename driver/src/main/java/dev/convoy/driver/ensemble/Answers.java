package dev.convoy.driver.ensemble;

import dev.convoy.data.shard.Selection;
import dev.convoy.driver.cluster.ImageView;
import dev.convoy.driver.cluster.MemberPrediction;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.ensemble.Respondents;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkFiles;

/** Asks members about images. Driver only. */
final class Answers {
  private final SparkCluster cluster;
  private final RunConfiguration configuration;
  private final int classes;
  private final Progress progress;

  Answers(SparkCluster cluster, RunConfiguration configuration, int classes, Progress progress) {
    this.cluster = cluster;
    this.configuration = configuration;
    this.classes = classes;
    this.progress = progress;
  }

  /**
   * What all members say of all images; to be closed.
   *
   * @param respondents the members' networks
   */
  PredictionTable about(ShardedImages images, Respondents respondents, String what) {
    PredictionTable table = table(images, respondents.answers());
    try (MemberPrediction prediction = prediction(respondents)) {
      prediction.predict(
          images.view(),
          progress,
          what,
          (id, probabilities, offset) -> {
            for (int member = 0; member < respondents.answers(); member++) {
              table.put(id, member, probabilities, offset + member * classes);
            }
          });
      return table;
    } catch (RuntimeException e) {
      table.close();
      throw e;
    }
  }

  /**
   * What members say of the training images that each of them did not see; to be closed.
   *
   * @param dropoutSamples how often each is asked with dropout; 0 for once, without
   */
  PredictionTable outOfBag(TrainingData data, List<Member> members, int dropoutSamples) {
    int each = Math.max(1, dropoutSamples);
    PredictionTable table = table(data.train(), members.size() * each);
    try {
      for (int index = 0; index < members.size(); index++) {
        if (members.get(index).leavesOut()) {
          addOutOfBag(data, members.get(index), dropoutSamples, index * each, table);
        }
      }
      return table;
    } catch (RuntimeException e) {
      table.close();
      throw e;
    }
  }

  private void addOutOfBag(
      TrainingData data, Member member, int dropoutSamples, int first, PredictionTable table) {
    Respondents respondents = new Respondents(List.of(member.model()), dropoutSamples);
    Selection unseen = data.draw(member.resampling().orElseThrow()).complement();
    try (ImageView images = data.train().view(unseen);
        MemberPrediction prediction = prediction(respondents)) {
      prediction.predict(
          images,
          progress,
          "asking member " + member.number() + " about what it did not see",
          (id, probabilities, offset) -> {
            for (int answer = 0; answer < respondents.answers(); answer++) {
              table.put(id, first + answer, probabilities, offset + answer * classes);
            }
          });
    }
  }

  private PredictionTable table(ShardedImages images, int members) {
    return new PredictionTable(
        images.listings(), members, classes, Path.of(SparkFiles.getRootDirectory()));
  }

  private MemberPrediction prediction(Respondents respondents) {
    return new MemberPrediction(
        cluster, configuration, respondents, classes, cluster.threads(configuration));
  }
}
