package dev.convoy.driver.ensemble;

import dev.convoy.driver.averaging.WeightedMean;
import dev.convoy.driver.cluster.ImageView;
import dev.convoy.driver.cluster.SparkCluster;
import dev.convoy.driver.cluster.Workers;
import dev.convoy.driver.configuration.EnsembleSettings.AverageWeights;
import dev.convoy.driver.configuration.RunConfiguration;
import dev.convoy.driver.report.Progress;
import dev.convoy.driver.state.EarlyStopping;
import dev.convoy.driver.training.TrainingData;
import dev.convoy.worker.training.EvaluationSums;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One network whose weights are the mean of several members', with the running statistics of its
 * batch normalisation measured anew. Of snapshots of one run it is stochastic weight averaging
 * (Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization"); of
 * members with the same first parameters a model soup, uniform or greedy (Wortsman et al. 2022,
 * "Model soups: averaging weights of multiple fine-tuned models improves accuracy without
 * increasing inference time"). Driver only.
 *
 * <p>Members that do not have the network of the best one take no part. The mean may be far worse
 * than any member, where members are not connected by a valley of low loss: it is kept only if it
 * is as good on the validation images as the best member.
 *
 * @param members that it is the mean of, by their place among those that answer
 * @param metric of the mean on the validation images
 * @param bestMember the same of the best member
 * @param isKept whether it is as good
 * @param parameters of the mean, flat
 */
record WeightAverage(
    List<Integer> members, double metric, double bestMember, boolean isKept, float[] parameters) {

  WeightAverage {
    members = List.copyOf(members);
  }

  /**
   * The mean as a network, if it is kept.
   *
   * @param answering the members that it was chosen from
   */
  Optional<SingleNetwork> network(List<Member> answering) {
    return isKept
        ? Optional.of(SingleNetwork.of("average", answering.get(members.get(0)), parameters))
        : Optional.empty();
  }

  /** A member and what it is worth, without its parameters: those of all are many. */
  private record Single(int member, double value) {}

  /** A mean and what it is worth. */
  private record Candidate(List<Integer> members, float[] parameters, double value) {}

  /** Finds means of members. */
  static final class Search {
    private final TrainingData data;
    private final ImageView validation;
    private final EarlyStopping.Metric metric;
    private final Progress progress;
    private final List<Member> members;
    private final SparkCluster cluster;
    private final AtomicInteger measured = new AtomicInteger();

    /**
     * Among members.
     *
     * @param data with validation images
     * @param metric by which means are compared
     */
    Search(
        SparkCluster cluster,
        TrainingData data,
        List<Member> members,
        EarlyStopping.Metric metric,
        Progress progress) {
      this.cluster = cluster;
      this.data = data;
      this.validation = data.validation().orElseThrow().view();
      this.members = members;
      this.metric = metric;
      this.progress = progress;
    }

    /** The mean of all, or of those that make it better. */
    WeightAverage find(AverageWeights which) {
      RunConfiguration run = members.get(0).run();
      int threads = cluster.threads(run);
      return progress.during(
          "averaging weights",
          () -> measured.get() + " networks measured",
          () -> {
            try (Networks networks = new Networks(threads)) {
              return find(which, networks);
            }
          });
    }

    private WeightAverage find(AverageWeights which, Networks networks) {
      List<Single> singles = new ArrayList<>();
      for (int member = 0; member < members.size(); member++) {
        singles.add(networks.single(member));
      }
      singles.sort(Comparator.comparingDouble(single -> metric.asLoss(single.value())));
      Single best = singles.get(0);
      Member first = members.get(best.member());
      List<Integer> alike =
          singles.stream()
              .map(Single::member)
              .filter(member -> areAlike(members.get(member).run(), first.run()))
              .toList();
      Candidate mean =
          which == AverageWeights.UNIFORM
              ? networks.mean(alike)
              : new Candidate(List.of(best.member()), first.parameters(), best.value());
      if (which == AverageWeights.GREEDY) {
        for (int member : alike.subList(1, alike.size())) {
          List<Integer> more = new ArrayList<>(mean.members());
          more.add(member);
          Candidate candidate = networks.mean(more);
          mean = isAsGood(candidate.value(), mean.value()) ? candidate : mean;
        }
      }
      return new WeightAverage(
          mean.members(),
          mean.value(),
          best.value(),
          isAsGood(mean.value(), best.value()),
          mean.parameters());
    }

    /**
     * Whether two runs train the same network, so that a mean of their parameters says something.
     */
    private static boolean areAlike(RunConfiguration one, RunConfiguration other) {
      return one.model().equals(other.model()) && one.loss().equals(other.loss());
    }

    private boolean isAsGood(double value, double other) {
      double loss = metric.asLoss(value);
      return Double.isFinite(loss) && loss <= metric.asLoss(other);
    }

    /** Replicas of the members' networks on the executors, one kind at a time. */
    private final class Networks implements AutoCloseable {
      private final int threads;
      private RunConfiguration run;
      private Workers workers;

      Networks(int threads) {
        this.threads = threads;
      }

      Single single(int member) {
        Member of = members.get(member);
        return new Single(member, value(workers(of), of.parameters()));
      }

      Candidate mean(List<Integer> of) {
        WeightedMean mean = new WeightedMean();
        // In the order of their numbers: what is summed in another order is another sum.
        of.stream().sorted().forEach(member -> mean.add(members.get(member).parameters(), 1));
        Workers replicas = workers(members.get(of.get(0)));
        float[] parameters = replicas.measureStatistics(data.train().view(), mean.mean());
        return new Candidate(of, parameters, value(replicas, parameters));
      }

      private double value(Workers replicas, float[] parameters) {
        EvaluationSums sums = replicas.evaluate(validation, parameters);
        measured.incrementAndGet();
        return metric.of(sums.loss(), sums.accuracy());
      }

      private Workers workers(Member member) {
        if (workers == null || !areAlike(member.run(), run)) {
          close();
          run = member.run();
          workers =
              new Workers(
                  cluster,
                  data.withKnownLoss(run),
                  data.normalization(),
                  data.labels().size(),
                  threads);
        }
        return workers;
      }

      @Override
      public void close() {
        if (workers != null) {
          workers.close();
        }
      }
    }
  }
}
