package dev.convoy.driver.ensemble;

import dev.convoy.data.augment.TestTimeAugmentation;
import dev.convoy.data.shard.Selection;
import dev.convoy.driver.cluster.ImageView;
import dev.convoy.driver.cluster.MemberPrediction;
import dev.convoy.driver.cluster.ShardedImages;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.ensemble.predictions.PredictionTable;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.ensemble.PredictionModels;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkFiles;

/** Collects predictions of members. Driver only. */
record MemberPredictor(
    SparkCluster cluster,
    RunConfiguration configuration,
    int classes,
    TestTimeAugmentation augmentation,
    Progress progress) {
  /** Of images as they are. */
  MemberPredictor(
      SparkCluster cluster, RunConfiguration configuration, int classes, Progress progress) {
    this(cluster, configuration, classes, TestTimeAugmentation.NONE, progress);
  }

  /**
   * Predictions of all members for all images; to be closed.
   *
   * @param asked the members' networks
   */
  PredictionTable predict(ShardedImages images, PredictionModels asked, String what) {
    PredictionTable table = table(images, asked.answers());
    try (MemberPrediction prediction = prediction(asked)) {
      prediction.predict(
          images.view(),
          progress,
          what,
          (id, probabilities, offset) -> {
            for (int member = 0; member < asked.answers(); member++) {
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
   * Predictions of each member for the training images that it did not see; to be closed.
   *
   * @param dropoutSamples predictions of each member with dropout; 0 for one without
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
    PredictionModels asked = new PredictionModels(List.of(member.model()), dropoutSamples);
    Selection unseen = data.draw(member.resampling().orElseThrow()).complement();
    try (ImageView images = data.train().view(unseen);
        MemberPrediction prediction = prediction(asked)) {
      prediction.predict(
          images,
          progress,
          "asking member " + member.number() + " about what it did not see",
          (id, probabilities, offset) -> {
            for (int answer = 0; answer < asked.answers(); answer++) {
              table.put(id, first + answer, probabilities, offset + answer * classes);
            }
          });
    }
  }

  private PredictionTable table(ShardedImages images, int members) {
    return new PredictionTable(images.listings(), members, classes, scratch());
  }

  /** Where predictions are kept while a combination is learned from them. */
  static Path scratch() {
    return Path.of(SparkFiles.getRootDirectory());
  }

  private MemberPrediction prediction(PredictionModels asked) {
    return new MemberPrediction(
        cluster, configuration, asked, classes, cluster.threads(configuration), augmentation);
  }
}
